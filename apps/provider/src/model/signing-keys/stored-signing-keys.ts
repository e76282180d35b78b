import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { generateSigningKey, type SigningKey, SigningKeys, toSigningKey } from '@trefoil/token-issuance';
import type { JWK } from 'jose';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { StoredSigningKey } from './signing-key.entity.js';

/** The algorithms the provider signs with; each has a key from the first start on. */
export const OFFERED_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];

const KEY_CREATION_LOCK = 7_336_535;

/** The signing keys in the database, encrypted with a key from the environment; created when there are none. */
@Injectable()
export class StoredSigningKeys extends SigningKeys implements OnApplicationBootstrap {
  private loading: Promise<readonly SigningKey[]> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {
    super();
  }

  override async current(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = (await this.published()).find((candidate) => candidate.algorithm === algorithm);
    if (!key) throw new Error(`there is no signing key for ${algorithm}`);
    return key;
  }

  /** Newest first. */
  override published(): Promise<readonly SigningKey[]> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** Before the first request needs them: making keys takes a moment. */
  async onApplicationBootstrap(): Promise<void> {
    await this.published();
  }

  private async load(): Promise<readonly SigningKey[]> {
    const keys = await this.read(this.dataSource.manager);
    const missing = algorithmsWithout(keys);
    return missing.length === 0 ? keys : this.add(await Promise.all(missing.map(generateSigningKey)));
  }

  /** Stores new keys, unless another replica was first: those that start side by side must agree on one. */
  private async add(made: readonly SigningKey[]): Promise<readonly SigningKey[]> {
    return this.dataSource.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [KEY_CREATION_LOCK]);
      const missing = algorithmsWithout(await this.read(transaction));
      const rows = made.filter(({ algorithm }) => missing.includes(algorithm)).map((key) => this.seal(key));
      await transaction.insert(StoredSigningKey, rows);
      return this.read(transaction);
    });
  }

  private async read(transaction: EntityManager): Promise<SigningKey[]> {
    const stored = await transaction.find(StoredSigningKey, {
      where: { retiredAt: IsNull() },
      order: { createdAt: 'DESC' },
    });
    return Promise.all(
      stored.map(({ kid, algorithm, privateKey }) => {
        const jwk = JSON.parse(decryptAtRest(privateKey, this.config.ENCRYPTION_KEY, kid).toString()) as JWK;
        return toSigningKey(algorithm, jwk);
      }),
    );
  }

  private seal({ kid, algorithm, privateKey }: SigningKey): Pick<StoredSigningKey, 'kid' | 'algorithm' | 'privateKey'> {
    const jwk = Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' })));
    return { kid, algorithm, privateKey: encryptAtRest(jwk, this.config.ENCRYPTION_KEY, kid) };
  }
}

const algorithmsWithout = (keys: readonly SigningKey[]) =>
  OFFERED_ALGORITHMS.filter((algorithm) => !keys.some((key) => key.algorithm === algorithm));
