import { Inject, Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { generateSigningKey, type SigningKey, toSigningKey } from '@trefoil/token-issuance';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { type KeyLife, readKeyLives } from './key-life.js';
import { addKey, algorithmsDue, lockKeys, supersede, waitingKey } from './key-succession.js';
import { type KeyTimes, keyTimes, type KeyTimesConfig } from './key-times.js';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';
import { openJwk, sealJwk } from './sealed-jwk.js';
import { StoredSigningKey } from './signing-key.entity.js';

/** How keys are rotated by command. */
export interface RotationOptions {
  /** Does not wait until those who verify have the new key: they find it when they meet it. For emergencies. */
  readonly immediately?: boolean;
  /** Who asked for it, as the security event tells. */
  readonly origin?: RequestOrigin;
}

/** A key cannot be retired because it still signs, or there is none of that id. */
export class KeyNotRetirableError extends Error {
  override readonly name = 'KeyNotRetirableError';
}

/**
 * The succession of signing keys: by command, and by schedule. It needs no running server, only the database, and may be
 * asked by any number of processes at the same time; they agree on one successor.
 */
@Injectable()
export class KeyRotation {
  private readonly times: KeyTimes;

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: KeyTimesConfig & Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {
    this.times = keyTimes(config);
  }

  /** Every key and where in its life it is, newest first. */
  list(): Promise<KeyLife[]> {
    return readKeyLives(this.dataSource.manager);
  }

  /**
   * Has the keys of an algorithm, or of all, succeeded by new ones. A successor that is published already and waits for its
   * time is the new one; no second is made.
   *
   * @returns the successors. They sign from {@link KeyLife.signsFrom} on; what was signed before stays good.
   */
  async rotate(
    algorithm?: SigningAlgorithm,
    { immediately = false, origin = {} }: RotationOptions = {},
  ): Promise<KeyLife[]> {
    const algorithms = algorithm ? [algorithm] : OFFERED_ALGORITHMS;
    const made = await Promise.all(algorithms.map(generateSigningKey));
    const { spread, wait } = this.times;
    const successors = await this.exclusively(async (transaction) => {
      const kids: string[] = [];
      for (const key of made) {
        const waiting = await waitingKey(transaction, key.algorithm, immediately ? spread : undefined);
        if (waiting === undefined) await this.add(transaction, key, immediately ? spread : wait, origin);
        await supersede(transaction, key.algorithm, this.times);
        kids.push(waiting ?? key.kid);
      }
      return kids;
    });
    return (await this.list()).filter(({ kid }) => successors.includes(kid));
  }

  /**
   * Ends a key that has leaked: everything it signed is refused from now on, by whoever reads `/jwks` again. Rotate first.
   *
   * @throws KeyNotRetirableError when it signs, or will, or does not exist.
   */
  async retire(kid: string, origin: RequestOrigin = {}): Promise<void> {
    await this.exclusively(async (transaction) => {
      const [ended] = await transaction.query<[{ algorithm: string }[], number]>(
        'DELETE FROM signing_keys WHERE kid = $1 AND signs_until <= now() RETURNING algorithm',
        [kid],
      );
      const [key] = ended;
      if (!key) throw new KeyNotRetirableError(`there is no signing key ${kid} that has a successor`);
      await this.recordRetirement(transaction, { kid, ...key }, origin);
    });
  }

  /** Does what the schedule wants now: creates keys that are missing or due, retires those that have had their time. */
  async keepUp(): Promise<void> {
    const due = await algorithmsDue(this.dataSource.manager, this.times);
    if (due.length > 0) await this.addDue(await Promise.all(due.map(generateSigningKey)));
    await this.retireExpired();
    await this.dataSource.query('DELETE FROM signing_keys WHERE retired_at < now() - make_interval(secs => $1)', [
      this.times.remembered,
    ]);
  }

  /** Another replica may have been first: those that are due at the same moment must agree on one. */
  private async addDue(made: readonly SigningKey[]): Promise<void> {
    await this.exclusively(async (transaction) => {
      const due = await algorithmsDue(transaction, this.times);
      for (const key of made.filter(({ algorithm }) => due.some((each) => each === algorithm))) {
        await this.add(transaction, key, this.times.wait, {});
        await supersede(transaction, key.algorithm, this.times);
      }
    });
  }

  private async add(
    transaction: EntityManager,
    { kid, algorithm, privateKey }: SigningKey,
    seconds: number,
    origin: RequestOrigin,
  ): Promise<void> {
    const encryptedJwk = sealJwk(privateKey.export({ format: 'jwk' }), kid, this.config.ENCRYPTION_KEY);
    await addKey(transaction, { kid, algorithm, encryptedJwk }, seconds);
    await this.events.record(
      { type: 'signing-key-created', outcome: 'success', details: { kid, algorithm }, ...origin },
      transaction,
    );
  }

  /** Their private part is deleted; the public one still tells old hints from forged ones. */
  private async retireExpired(): Promise<void> {
    const keys = this.config.ENCRYPTION_KEY;
    await this.exclusively(async (transaction) => {
      const expired = await transaction
        .createQueryBuilder(StoredSigningKey, 'key')
        .where('key.retiresAt <= now() AND key.retiredAt IS NULL')
        .getMany();
      for (const { kid, algorithm, encryptedJwk } of expired) {
        const { publicJwk } = await toSigningKey(algorithm, openJwk(encryptedJwk, kid, keys));
        await transaction.query('UPDATE signing_keys SET retired_at = now(), encrypted_jwk = $2 WHERE kid = $1', [
          kid,
          sealJwk(publicJwk, kid, keys),
        ]);
        await this.recordRetirement(transaction, { kid, algorithm }, {});
      }
    });
  }

  private recordRetirement(
    transaction: EntityManager,
    details: { kid: string; algorithm: string },
    origin: RequestOrigin,
  ): Promise<void> {
    return this.events.record({ type: 'signing-key-retired', outcome: 'success', details, ...origin }, transaction);
  }

  private exclusively<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (transaction) => {
      await lockKeys(transaction);
      return work(transaction);
    });
  }
}
