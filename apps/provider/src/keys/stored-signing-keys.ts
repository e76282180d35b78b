import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { keyIn, type PublishedKey, type SigningKey, SigningKeys, toSigningKey } from '@trefoil/token-issuance';
import type { JWK } from 'jose';
import type { KeyObject } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { openJwk } from './sealed-jwk.js';
import { StoredSigningKey } from './signing-key.entity.js';
import { SigningKeySet, type TimedKey } from './signing-key-set.js';

/** After looking for a key in vain, in milliseconds: invented key ids must not become a flood of readings. */
const COOL_DOWN = 1000;

interface OpenedKey {
  readonly sealed: Buffer;
  /** Undefined when it cannot be decrypted. */
  readonly key: TimedKey['key'] | undefined;
}

/**
 * The signing keys in the database, kept in memory: signing and verifying touch no table. {@link KeyUpkeep} has them read
 * again all the time; while the database is down, those that were read last go on being used.
 */
@Injectable()
export class StoredSigningKeys extends SigningKeys {
  private readonly logger = new Logger(StoredSigningKeys.name);
  private readonly opened = new Map<string, OpenedKey>();
  private keySet: SigningKeySet | undefined;
  private reading: Promise<SigningKeySet> | undefined;
  private coolUntil = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {
    super();
  }

  override async current(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = await this.seek((keySet) => keySet.current(algorithm));
    if (!key) throw new Error(`there is no signing key for ${algorithm}`);
    return key;
  }

  /** Newest first. */
  override async published(): Promise<readonly PublishedKey[]> {
    return (await this.known()).published();
  }

  override find(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.seek((keySet) => keyIn(keySet.published(), kid, algorithm));
  }

  override findFormer(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.seek((keySet) => keyIn(keySet.all(), kid, algorithm));
  }

  /** Reads the keys; those who ask at the same time share one reading. */
  read(): Promise<SigningKeySet> {
    this.reading ??= this.readOnce().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async known(): Promise<SigningKeySet> {
    return this.keySet ?? this.read();
  }

  /** Looks for a key, and reads the keys again for one that is not known. */
  private async seek<T>(find: (keySet: SigningKeySet) => T | undefined): Promise<T | undefined> {
    const known = find(await this.known());
    if (known || performance.now() < this.coolUntil) return known;
    const found = find(await this.read());
    if (!found) this.coolUntil = performance.now() + COOL_DOWN;
    return found;
  }

  private async readOnce(): Promise<SigningKeySet> {
    const rows = await this.dataSource.manager.find(StoredSigningKey);
    const [{ now }] = await this.dataSource.query<[{ now: Date }]>('SELECT now()');
    const readAt = performance.now();
    const keys = await Promise.all(rows.map((row) => this.open(row)));
    this.forgetOthers(rows);
    this.keySet = new SigningKeySet(keys.flat(), now, () => performance.now() - readAt);
    return this.keySet;
  }

  /** What has not changed is not decrypted again. */
  private async open({ kid, algorithm, encryptedJwk, signsFrom, retiresAt }: StoredSigningKey): Promise<TimedKey[]> {
    let opened = this.opened.get(kid);
    if (!opened?.sealed.equals(encryptedJwk)) {
      const jwk = this.decrypt(kid, encryptedJwk);
      const key = jwk ? await toSigningKey(algorithm, jwk) : opened?.key;
      opened = { sealed: encryptedJwk, key };
      this.opened.set(kid, opened);
    }
    return opened.key ? [{ key: opened.key, signsFrom, retiresAt }] : [];
  }

  /**
   * A key that another replica has encrypted anew, with a key that is not known here, stays what it was when it was read
   * before. At the start there is no such, and the server does not start.
   */
  private decrypt(kid: string, sealed: Buffer): JWK | undefined {
    try {
      return openJwk(sealed, kid, this.config.ENCRYPTION_KEY);
    } catch (cause) {
      const problem = `the signing key ${kid} cannot be decrypted with ENCRYPTION_KEY`;
      if (!this.keySet) throw new Error(problem, { cause });
      this.logger.error(`${problem}: ${String(cause)}`);
      return undefined;
    }
  }

  private forgetOthers(rows: readonly StoredSigningKey[]): void {
    for (const kid of this.opened.keys()) {
      if (!rows.some((row) => row.kid === kid)) this.opened.delete(kid);
    }
  }
}
