import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { keyIn, type PublishedKey, type SigningKey, SigningKeys, toSigningKey } from '@trefoil/token-issuance';
import type { JWK } from 'jose';
import type { KeyObject } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { decryptJwk, StoredSigningKey } from './signing-key.entity.js';
import { SigningKeySet, type TimedKey } from './signing-key-set.js';

/** Milliseconds without further readings after a key was not found, so that invented key ids cause few queries. */
const COOL_DOWN = 1000;

interface DecryptedKey {
  readonly encryptedJwk: Buffer;
  /** Undefined when it cannot be decrypted. */
  readonly key: TimedKey['key'] | undefined;
}

/**
 * Keeps the signing keys of the database in memory, so that signing and verifying read no table. `KeyMaintenance` calls
 * {@link read} every second. While the database is down, the keys that were read last stay in use.
 */
@Injectable()
export class SigningKeyCache extends SigningKeys {
  private readonly logger = new Logger(SigningKeyCache.name);
  private readonly decrypted = new Map<string, DecryptedKey>();
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
    const key = await this.findOrRead((keySet) => keySet.current(algorithm));
    if (!key) throw new Error(`there is no signing key for ${algorithm}`);
    return key;
  }

  /** Returns the published keys, newest first. */
  override async published(): Promise<readonly PublishedKey[]> {
    return (await this.known()).published();
  }

  override find(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.findOrRead((keySet) => keyIn(keySet.published(), kid, algorithm));
  }

  override findFormer(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.findOrRead((keySet) => keyIn(keySet.all(), kid, algorithm));
  }

  /** Reads the keys from the database. Concurrent calls share one reading. */
  read(): Promise<SigningKeySet> {
    this.reading ??= this.readOnce().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async known(): Promise<SigningKeySet> {
    return this.keySet ?? this.read();
  }

  /** Finds a key in memory, or reads the keys again when it is not there. */
  private async findOrRead<T>(find: (keySet: SigningKeySet) => T | undefined): Promise<T | undefined> {
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
    const keys = await Promise.all(rows.map((row) => this.decrypt(row)));
    this.forgetDeleted(rows);
    this.keySet = new SigningKeySet(keys.flat(), now, () => performance.now() - readAt);
    return this.keySet;
  }

  /** Decrypts a key that is new or has changed. */
  private async decrypt({ kid, algorithm, encryptedJwk, signsFrom, retiresAt }: StoredSigningKey): Promise<TimedKey[]> {
    let decrypted = this.decrypted.get(kid);
    if (!decrypted?.encryptedJwk.equals(encryptedJwk)) {
      const jwk = this.decryptOrReport(kid, encryptedJwk);
      const key = jwk ? await toSigningKey(algorithm, jwk) : decrypted?.key;
      decrypted = { encryptedJwk, key };
      this.decrypted.set(kid, decrypted);
    }
    return decrypted.key ? [{ key: decrypted.key, signsFrom, retiresAt }] : [];
  }

  /**
   * Decrypts a JWK. When another replica has re-encrypted it with an `ENCRYPTION_KEY` that this replica does not have,
   * logs that and returns undefined: the key that was read before stays in use. At start-up there is no such key, and
   * the error prevents the start.
   */
  private decryptOrReport(kid: string, encryptedJwk: Buffer): JWK | undefined {
    try {
      return decryptJwk(encryptedJwk, kid, this.config.ENCRYPTION_KEY);
    } catch (cause) {
      const problem = `the signing key ${kid} cannot be decrypted with ENCRYPTION_KEY`;
      if (!this.keySet) throw new Error(problem, { cause });
      this.logger.error(`${problem}: ${String(cause)}`);
      return undefined;
    }
  }

  private forgetDeleted(rows: readonly StoredSigningKey[]): void {
    for (const kid of this.decrypted.keys()) {
      if (!rows.some((row) => row.kid === kid)) this.decrypted.delete(kid);
    }
  }
}
