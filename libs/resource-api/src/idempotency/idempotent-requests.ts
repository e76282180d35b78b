import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { checkIdempotencyKey, fingerprint } from './idempotency-key.js';
import { StoredAnswer } from './stored-answer.entity.js';

const KEPT_MILLISECONDS = 24 * 3600 * 1000;

/** A request that must not run twice, however often it arrives. */
export interface IdempotentRequest {
  /** The user and the client that sent it; a key belongs to both. */
  readonly claims: Pick<AccessTokenClaims, 'sub' | 'client_id'>;
  /** The `Idempotency-Key` header as it arrived. */
  readonly key: string | undefined;
  /** The method and path of the route, such as `POST /v1/contacts`. */
  readonly operation: string;
  /** The input after validation. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** The status, headers and body that a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Runs a request once for each `Idempotency-Key` of a user and client, and gives its retries the same answer for 24 hours. */
@Injectable()
export class IdempotentRequests {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Runs the request, or returns the stored answer. The answer is stored in the transaction of the work, so that a crash
   * keeps both or neither. A request without a key always runs, outside of a transaction.
   *
   * @throws ProblemError 400 when the key is malformed, 409 while the first request is running, 422 when the key was used
   *   for another request before.
   */
  async once(
    { claims, key: header, operation, input }: IdempotentRequest,
    run: (manager: EntityManager) => Promise<Answer>,
  ): Promise<Answer> {
    const key = checkIdempotencyKey(header);
    if (key === undefined) return run(this.dataSource.manager);
    const id = { owner: claims.sub, clientId: claims.client_id, key };
    const asked = fingerprint(operation, input);
    return this.dataSource.transaction(async (manager) => {
      if (!(await lock(manager, JSON.stringify([claims.sub, claims.client_id, key])))) throw stillRunning();
      const earlier = await manager.findOneBy(StoredAnswer, { ...id, expiresAt: MoreThan(new Date()) });
      if (earlier) return replay(earlier, asked);
      const { status, headers, body } = await run(manager);
      const expiresAt = new Date(Date.now() + KEPT_MILLISECONDS);
      // The row may exist already: an expired answer to the same key that housekeeping has not deleted yet.
      const stored = { ...id, fingerprint: asked, status, headers, body, expiresAt };
      await manager.upsert(StoredAnswer, stored, ['owner', 'clientId', 'key']);
      return { status, headers, body };
    });
  }
}

/** Takes the lock of a key until the transaction ends. Returns false when another transaction holds it. */
async function lock(manager: EntityManager, name: string): Promise<boolean> {
  const [row] = await manager.query<[{ taken: boolean }]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
    [name],
  );
  return row.taken;
}

function replay({ status, headers, body, ...earlier }: StoredAnswer, asked: Buffer): Answer {
  if (!earlier.fingerprint.equals(asked)) throw usedForAnotherRequest();
  return { status, headers: { ...headers, 'Idempotency-Replayed': 'true' }, body };
}

const stillRunning = (): ProblemError =>
  new ProblemError(409, 'Conflict', {
    detail: 'The first request with this Idempotency-Key is still running. Send it again in a second for its answer.',
    headers: { 'Retry-After': '1' },
  });

const usedForAnotherRequest = (): ProblemError =>
  new ProblemError(422, 'Unprocessable Content', {
    detail: 'This Idempotency-Key was used for another request before. Use a new key for a new request.',
    errors: [{ field: 'Idempotency-Key', message: 'belongs to another request' }],
  });
