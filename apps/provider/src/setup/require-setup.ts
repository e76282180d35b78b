import { DatabaseNotReadyError } from '@trefoil/server-kit';
import pg from 'pg';
import type { ProviderConfig } from '../config.js';
import { accountApi } from './registrations.js';

/**
 * Checks that the database of the provider has been set up, by `trefoil setup` or by the demo seed. Without the account API
 * as a resource server no user could get a token.
 *
 * @throws DatabaseNotReadyError that names the command.
 */
export async function requireSetup({
  DATABASE_URL,
  ISSUER,
}: Pick<ProviderConfig, 'DATABASE_URL' | 'ISSUER'>): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  // A connection that breaks also rejects the query. Without a listener, the error event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { identifier } = accountApi({ issuer: ISSUER });
    const { rows } = await client.query<{ identifier: string }>(
      'SELECT identifier FROM resource_servers ORDER BY created_at',
    );
    if (rows.some((row) => row.identifier === identifier)) return;
    throw new DatabaseNotReadyError(
      (rows.length === 0
        ? 'The database of the provider has not been set up. '
        : `The database of the provider has been set up, but not for ISSUER ${ISSUER}: it has the resource servers ` +
          `${rows.map((row) => row.identifier).join(', ')}. Correct ISSUER, or use another database. `) +
        'To set up an empty database, run: npm run trefoil -- setup --frontend-url <url> --backend-url <url> ' +
        '(in a container: node apps/provider/dist/trefoil.js setup …). ' +
        'For the demo, run: node apps/provider/dist/seed.js',
    );
  } finally {
    await client.end();
  }
}
