import { Inject, Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { generateSigningKey, type SigningKey, toSigningKey } from '@trefoil/token-issuance';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { noSuchObject, type Refusal, refusedState } from '../http/refusal.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import {
  addKey,
  algorithmsDue,
  type KeyLifecycle,
  lockKeys,
  readKeyLifecycles,
  supersedeOlderKeys,
  waitingKey,
} from './key-lifecycle.js';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';
import { type RotationSchedule, rotationSchedule, type RotationScheduleConfig } from './rotation-schedule.js';
import { decryptJwk, encryptJwk, StoredSigningKey } from './signing-key.entity.js';

/** The options of a rotation by command. */
export interface RotationOptions {
  /** Signs before every verifier has the new key; verifiers then fetch it when they see its `kid`. For emergencies. */
  readonly immediately?: boolean;
  /** The origin of the request, for the security event. */
  readonly origin?: RequestOrigin;
}

/**
 * Rotates the signing keys, by command and by schedule. It needs only the database, no running server. Any number of
 * processes may call it at the same time; they agree on one successor.
 */
@Injectable()
export class KeyRotation {
  private readonly schedule: RotationSchedule;

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: RotationScheduleConfig & Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {
    this.schedule = rotationSchedule(config);
  }

  /** Returns every key with its state, newest first. */
  list(): Promise<KeyLifecycle[]> {
    return readKeyLifecycles(this.dataSource.manager);
  }

  /**
   * Replaces the keys of an algorithm, or of every algorithm, with new ones. When a successor is already published and
   * waiting, it becomes the new key and no second one is created.
   *
   * @returns the successors. They sign from {@link KeyLifecycle.signsFrom} on; earlier signatures stay valid.
   */
  async rotate(
    algorithm?: SigningAlgorithm,
    { immediately = false, origin = {} }: RotationOptions = {},
  ): Promise<KeyLifecycle[]> {
    const algorithms = algorithm ? [algorithm] : OFFERED_ALGORITHMS;
    const generated = await Promise.all(algorithms.map(generateSigningKey));
    const { replicaDelay, publicationLead } = this.schedule;
    const successors = await this.withLockedKeys(async (transaction) => {
      const kids: string[] = [];
      for (const key of generated) {
        const waiting = await waitingKey(transaction, key.algorithm, immediately ? replicaDelay : undefined);
        const delay = immediately ? replicaDelay : publicationLead;
        if (waiting === undefined) await this.add(transaction, key, delay, origin);
        await supersedeOlderKeys(transaction, key.algorithm, this.schedule);
        kids.push(waiting ?? key.kid);
      }
      return kids;
    });
    return (await this.list()).filter(({ kid }) => successors.includes(kid));
  }

  /**
   * Deletes a leaked key. Verifiers refuse everything it signed as soon as they read `/jwks` again. Rotate first.
   *
   * @throws Refusal `conflict` when the key signs or will sign, `not-found` when it does not exist.
   */
  async retire(kid: string, origin: RequestOrigin = {}): Promise<void> {
    // PostgreSQL cannot compare with U+0000.
    if (kid.includes('\0')) throw noSuchKey(kid);
    await this.withLockedKeys(async (transaction) => {
      const [ended] = await transaction.query<[{ algorithm: string }[], number]>(
        'DELETE FROM signing_keys WHERE kid = $1 AND signs_until <= now() RETURNING algorithm',
        [kid],
      );
      const [key] = ended;
      if (!key) throw await this.notRetirable(kid, transaction);
      await this.recordRetirement(transaction, { kid, ...key }, origin);
    });
  }

  /**
   * Applies the schedule: creates keys that are missing or due, retires expired ones, and deletes retired ones that no
   * hint can name any more.
   */
  async applySchedule(): Promise<void> {
    const due = await algorithmsDue(this.dataSource.manager, this.schedule);
    if (due.length > 0) await this.addDue(await Promise.all(due.map(generateSigningKey)));
    await this.retireExpired();
    await this.dataSource.query('DELETE FROM signing_keys WHERE retired_at < now() - make_interval(secs => $1)', [
      this.schedule.retiredRetention,
    ]);
  }

  /** Creates the keys that are missing or due, in the caller's transaction. */
  async createMissing(transaction: EntityManager, origin: RequestOrigin): Promise<void> {
    await lockKeys(transaction);
    const due = await algorithmsDue(transaction, this.schedule);
    await this.addAll(transaction, await Promise.all(due.map(generateSigningKey)), origin);
  }

  /** Adds the keys that are still due under the lock, because another replica may have added some already. */
  private async addDue(generated: readonly SigningKey[]): Promise<void> {
    await this.withLockedKeys(async (transaction) => {
      const due = await algorithmsDue(transaction, this.schedule);
      const needed = generated.filter(({ algorithm }) => due.some((each) => each === algorithm));
      await this.addAll(transaction, needed, {});
    });
  }

  private async addAll(transaction: EntityManager, keys: readonly SigningKey[], origin: RequestOrigin): Promise<void> {
    for (const key of keys) {
      await this.add(transaction, key, this.schedule.publicationLead, origin);
      await supersedeOlderKeys(transaction, key.algorithm, this.schedule);
    }
  }

  private async add(
    transaction: EntityManager,
    { kid, algorithm, privateKey }: SigningKey,
    delay: number,
    origin: RequestOrigin,
  ): Promise<void> {
    const encryptedJwk = encryptJwk(privateKey.export({ format: 'jwk' }), kid, this.config.ENCRYPTION_KEY);
    await addKey(transaction, { kid, algorithm, encryptedJwk }, delay);
    await this.events.record(
      { type: 'signing-key-created', outcome: 'success', details: { kid, algorithm }, ...origin },
      transaction,
    );
  }

  /** Deletes the private part of expired keys. The public part still verifies ID tokens that come back as hints. */
  private async retireExpired(): Promise<void> {
    const keys = this.config.ENCRYPTION_KEY;
    await this.withLockedKeys(async (transaction) => {
      const expired = await transaction
        .createQueryBuilder(StoredSigningKey, 'key')
        .where('key.retiresAt <= now() AND key.retiredAt IS NULL')
        .getMany();
      for (const { kid, algorithm, encryptedJwk } of expired) {
        const { publicJwk } = await toSigningKey(algorithm, decryptJwk(encryptedJwk, kid, keys));
        await transaction.query('UPDATE signing_keys SET retired_at = now(), encrypted_jwk = $2 WHERE kid = $1', [
          kid,
          encryptJwk(publicJwk, kid, keys),
        ]);
        await this.recordRetirement(transaction, { kid, algorithm }, {});
      }
    });
  }

  private async notRetirable(kid: string, transaction: EntityManager): Promise<Refusal> {
    const exists = await transaction.existsBy(StoredSigningKey, { kid });
    return exists
      ? refusedState(`The key ${kid} still signs. Rotate the keys of its algorithm first.`)
      : noSuchKey(kid);
  }

  private recordRetirement(
    transaction: EntityManager,
    details: { kid: string; algorithm: string },
    origin: RequestOrigin,
  ): Promise<void> {
    return this.events.record({ type: 'signing-key-retired', outcome: 'success', details, ...origin }, transaction);
  }

  private withLockedKeys<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (transaction) => {
      await lockKeys(transaction);
      return work(transaction);
    });
  }
}

const noSuchKey = (kid: string): Refusal => noSuchObject(`There is no signing key ${JSON.stringify(kid)}.`);
