import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ProblemError } from '@trefoil/server-kit';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { StoredAnswer } from './stored-answer.entity.js';

const KEPT_MILLISECONDS = 24 * 3600 * 1000;

/** A request that must not run twice, however often it arrives: whose it is, its key and what it asks for. */
export interface IdempotentRequest {
  readonly owner: string;
  readonly clientId: string;
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Runs a request once per `Idempotency-Key` of a user and client, and answers its retries with the same words for 24 h. */
@Injectable()
export class IdempotentRequests {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Runs the request, or finds what it was answered before. Its answer is stored in the transaction of its work, so a
   * crash leaves both or neither.
   *
   * @throws ProblemError 409 while the first one still runs, 422 when the key came with another request before.
   */
  once(request: IdempotentRequest, run: (manager: EntityManager) => Promise<Answer>): Promise<Answer> {
    const { owner, clientId, key, fingerprint } = request;
    return this.dataSource.transaction(async (manager) => {
      if (!(await lock(manager, JSON.stringify([owner, clientId, key])))) throw stillRunning();
      const earlier = await manager.findOneBy(StoredAnswer, { owner, clientId, key, expiresAt: MoreThan(new Date()) });
      if (earlier) return replay(earlier, fingerprint);
      const { status, headers, body } = await run(manager);
      const expiresAt = new Date(Date.now() + KEPT_MILLISECONDS);
      // An expired answer to the same key may still be there.
      await manager.upsert(StoredAnswer, { ...request, status, headers, body, expiresAt }, [
        'owner',
        'clientId',
        'key',
      ]);
      return { status, headers, body };
    });
  }
}

/** Takes the lock of a key until the transaction ends, or finds it taken. */
async function lock(manager: EntityManager, name: string): Promise<boolean> {
  const [row] = await manager.query<[{ taken: boolean }]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
    [name],
  );
  return row.taken;
}

function replay({ status, headers, body, ...earlier }: StoredAnswer, fingerprint: Buffer): Answer {
  if (!earlier.fingerprint.equals(fingerprint)) throw usedOtherwise();
  return { status, headers: { ...headers, 'Idempotency-Replayed': 'true' }, body };
}

const stillRunning = (): ProblemError =>
  new ProblemError(409, 'Conflict', {
    detail: 'The first request with this Idempotency-Key is still running. Send it again in a second for its answer.',
    headers: { 'Retry-After': '1' },
  });

const usedOtherwise = (): ProblemError =>
  new ProblemError(422, 'Unprocessable Content', {
    detail: 'This Idempotency-Key came with another request before. Use a new key for a new request.',
    errors: [{ field: 'Idempotency-Key', message: 'belongs to another request' }],
  });
