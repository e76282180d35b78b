import { Inject, Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { generateSigningKey, type SigningKey, SigningKeys, toSigningKey } from '@trefoil/token-issuance';
import type { JWK } from 'jose';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { StoredSigningKey } from './signing-key.entity.js';

/** The algorithms the provider signs with; each has a key from the first start on. */
export const OFFERED_ALGORITHMS = ['ES256', 'RS256'] as const satisfies readonly SigningAlgorithm[];

const KEY_CREATION_LOCK = 7_336_535;

/** The signing keys in the database, encrypted with a key from the environment; created when there are none. */
@Injectable()
export class StoredSigningKeys extends SigningKeys {
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

  private async load(): Promise<readonly SigningKey[]> {
    return this.dataSource.transaction(async (transaction) => {
      // Replicas that start side by side must agree on one key.
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [KEY_CREATION_LOCK]);
      const keys = await this.read(transaction);
      for (const algorithm of OFFERED_ALGORITHMS) {
        if (!keys.some((key) => key.algorithm === algorithm)) keys.push(await this.create(algorithm, transaction));
      }
      return keys;
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

  private async create(algorithm: SigningAlgorithm, transaction: EntityManager): Promise<SigningKey> {
    const key = await generateSigningKey(algorithm);
    const jwk = Buffer.from(JSON.stringify(key.privateKey.export({ format: 'jwk' })));
    const privateKey = encryptAtRest(jwk, this.config.ENCRYPTION_KEY, key.kid);
    await transaction.insert(StoredSigningKey, { kid: key.kid, algorithm, privateKey });
    return key;
  }
}
