import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { buildServer, loadConfiguration, runMigrations, type SecretKeys } from '@trefoil/server-kit';
import { freePort } from '@trefoil/testing';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { configSchema, type ProviderConfig } from '../config.js';
import { providerDataSource } from '../database/data-source.js';
import { demoEntities, seedDemo } from '../demo/seed-demo.js';
import { providerServer } from '../server.js';
import { DEMO } from './demo.js';

export { DEMO };

/** A running provider with the demo data. */
export interface ProviderUnderTest {
  /** The URL at which it listens: `http://localhost:<port>`. It is also the issuer, unless the test sets `ISSUER`. */
  readonly url: string;
  readonly config: ProviderConfig;
  /** The Nest application, from which tests get repositories and services: `provider.app.get(Grants)`. */
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  stop(): Promise<void>;
}

/** Fills the migrated database of a provider, before the provider starts. */
export type FillDatabase = (config: ProviderConfig) => Promise<void>;

/**
 * Starts the whole provider on a free port of the loopback interface, migrates its database and inserts the demo data:
 *
 * ```ts
 * const provider = await startProvider(await testDatabase());
 * ```
 *
 * @param overrides environment variables, such as `{ CODE_LIFETIME: '1' }`.
 * @param fill fills the database with something else than the demo data.
 */
export async function startProvider(
  databaseUrl: string,
  overrides: Record<string, string> = {},
  fill: FillDatabase = fillWithDemo,
): Promise<ProviderUnderTest> {
  await runMigrations(providerDataSource(databaseUrl));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = loadConfiguration(configSchema, {
    NODE_ENV: 'test',
    // For tests of the other rules of production.
    PLAIN_HTTP_ORIGINS: url,
    HOST: 'localhost',
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    ISSUER: url,
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
    GRANT_KEY: randomBytes(32).toString('base64url'),
    // A spec may have many refused clients at one address.
    CLIENT_FAILURES_PER_ADDRESS: '10000',
    ...overrides,
  });
  // Before the server, which reads the resource servers at start and keeps them for a second.
  await fill(config);
  const { app, mutualTls } = await buildServer(providerServer(config), config);
  if (config.MTLS_PORT !== undefined) await mutualTls?.listen(config.MTLS_PORT, config.HOST);
  await app.listen(port, config.HOST);
  return { url, config, app, dataSource: app.get(DataSource), stop: () => app.close() };
}

/** Inserts the demo data. */
export async function fillWithDemo({
  DATABASE_URL,
  ISSUER,
}: Pick<ProviderConfig, 'DATABASE_URL' | 'ISSUER'>): Promise<void> {
  const seeding = await new DataSource(providerDataSource(DATABASE_URL, demoEntities)).initialize();
  await seedDemo(seeding, { issuer: ISSUER, ...DEMO });
  await seeding.destroy();
}

/** Returns the environment variables that all replicas of one installation share, for {@link startProvider}. */
export function sharedWith({ config }: ProviderUnderTest): Record<string, string> {
  const text = (keys: SecretKeys) => keys.map((key) => Buffer.from(key).toString('base64url')).join();
  const { ISSUER, ENCRYPTION_KEY, GRANT_KEY } = config;
  return { ISSUER, ENCRYPTION_KEY: text(ENCRYPTION_KEY), GRANT_KEY: text(GRANT_KEY) };
}
