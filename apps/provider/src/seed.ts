import { loadConfiguration, runOrExit, serverVariables, variables } from '@trefoil/server-kit';
import { fileURLToPath } from 'node:url';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { certificateMethods, configSchema } from './config.js';
import { providerDataSource } from './database/data-source.js';
import { demoEntities, seedDemo } from './demo/seed-demo.js';
import { readWorkspace } from './demo/workspace.js';

const seedSchema = z.object({
  NODE_ENV: serverVariables.NODE_ENV,
  ISSUER: configSchema.shape.ISSUER,
  DATABASE_URL: configSchema.shape.DATABASE_URL,
  MTLS_PORT: serverVariables.MTLS_PORT,
  TLS_CLIENT_CERTIFICATES: serverVariables.TLS_CLIENT_CERTIFICATES,
  CLIENT_CERTIFICATE_HEADER: serverVariables.CLIENT_CERTIFICATE_HEADER,
  CLIENT_CA_PATH: serverVariables.CLIENT_CA_PATH,
  DEMO_FRONTEND_URL: variables.baseUrl().describe('URL of the demo frontend'),
  DEMO_BACKEND_URL: variables.baseUrl().describe('URL of the demo backend'),
});

/** Writes the demo data. Its passwords and secrets are public, so production refuses it. */
await runOrExit(async () => {
  const config = loadConfiguration(seedSchema);
  if (config.NODE_ENV === 'production')
    throw new Error('The demo data is refused when NODE_ENV is production. Its passwords and secrets are public.');
  const dataSource = await new DataSource(providerDataSource(config.DATABASE_URL, demoEntities)).initialize();
  try {
    const urls = { issuer: config.ISSUER, frontend: config.DEMO_FRONTEND_URL, backend: config.DEMO_BACKEND_URL };
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const certificates = certificateMethods(config).includes('tls_client_auth');
    await seedDemo(dataSource, urls, { certificates, workspace: readWorkspace(root, process.env) });
  } finally {
    await dataSource.destroy();
  }
  process.stdout.write('provider: demo data is in place\n');
});
