import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { RefreshTokenGrant } from '../../token/refresh-token.grant.js';
import { UserTokenIssuer } from '../../token/issuance/user-token-issuer.js';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import type { RefreshTokenRotation } from '../../grants/refresh-token-rotation.js';
import { type ProviderUnderTest, startProvider } from '../provider-under-test.js';
import { ChainUnderTest, GRACE_SECONDS } from './chain-under-test.js';
import { GrantSupply } from './grant-supply.js';
import { interleaveStatements } from './interleaved-statements.js';

const newKey = () => randomBytes(32).toString('base64url');

/**
 * Two replicas of the provider on one database. Each of their SQL statements about grants is a step of an interleaving.
 */
export class RefreshReplicas {
  readonly refreshTokens: readonly RefreshTokenGrant[];
  private readonly grants: GrantSupply;

  private constructor(
    private readonly replicas: readonly [ProviderUnderTest, ProviderUnderTest],
    private readonly client: Client,
  ) {
    this.refreshTokens = replicas.map(({ app }) => app.get(RefreshTokenGrant));
    this.grants = new GrantSupply(replicas[0]);
    for (const { dataSource } of replicas) interleaveStatements(dataSource);
  }

  static async start(databaseUrl: string): Promise<RefreshReplicas> {
    const keys = { ENCRYPTION_KEY: newKey(), GRANT_KEY: newKey() };
    const settings = { ...keys, REFRESH_GRACE_PERIOD: `${GRACE_SECONDS}` };
    const first = await startProvider(databaseUrl, settings);
    const second = await startProvider(databaseUrl, { ...settings, ISSUER: first.url });
    const client = await first.app.get(Clients).find('frontend');
    if (!client) throw new Error('the demo has no frontend');
    return new RefreshReplicas([first, second], client);
  }

  /** Returns a new chain of refresh tokens, which is used with the given handlers. */
  async chain(refreshTokens = this.refreshTokens): Promise<ChainUnderTest> {
    return new ChainUnderTest(this.replicas[0], refreshTokens, this.client, await this.grants.next());
  }

  /** Returns the handlers of the two replicas with another rotation in place of the real one. */
  refreshTokensWith(rotationOf: (dataSource: DataSource) => RefreshTokenRotation): readonly RefreshTokenGrant[] {
    return this.replicas.map(
      ({ app, dataSource, config }) =>
        new RefreshTokenGrant(app.get(RefreshTokenReader), rotationOf(dataSource), app.get(UserTokenIssuer), config),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
  }
}
