import { runMigrations } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../database/data-source.js';
import { sharedSecrets } from '../testing/command-line.js';
import { openInstallation } from './installation.js';

it('has no statement timeout, because changes of a large client take longer than a request may take', async () => {
  const DATABASE_URL = await testDatabase();
  await runMigrations(providerDataSource(DATABASE_URL));
  const { statement_timeout: ofServer } = providerDataSource(DATABASE_URL).extra as { statement_timeout: number };
  const installation = await openInstallation({
    ...sharedSecrets(),
    DATABASE_URL,
    ISSUER: 'http://localhost:1',
    NODE_ENV: 'test',
  });
  try {
    const long = installation.get(DataSource).query('SELECT pg_sleep($1)', [ofServer / 1000 + 0.5]);
    await expect(long).resolves.toHaveLength(1);
  } finally {
    await installation.close();
  }
});
