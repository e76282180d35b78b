// @ts-check
// Generates the secrets of one installation, in a directory for each server, and keeps those that exist:
//   node deploy/generate-secrets.mjs <directory> <address of PostgreSQL> [--client-secrets]
// Without --client-secrets, the command `trefoil setup` generates the client secrets.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeSecret } from './write-secret.mjs';

const secret = () => randomBytes(32).toString('base64url');

const [root = '/secrets', databaseHost = 'postgres:5432', ...options] = process.argv.slice(2);
writeSecret(`${root}/postgres/superuser-password`, secret());
for (const app of ['provider', 'backend', 'frontend']) {
  if (existsSync(`${root}/${app}/database-url`)) continue;
  const password = secret();
  writeSecret(`${root}/postgres/${app}-password`, password);
  writeSecret(`${root}/${app}/database-url`, `postgres://trefoil_${app}:${password}@${databaseHost}/trefoil_${app}`);
}
writeSecret(`${root}/provider/encryption-key`, secret());
writeSecret(`${root}/provider/grant-key`, secret());
writeSecret(`${root}/frontend/encryption-key`, secret());
if (options.includes('--client-secrets')) {
  for (const app of ['backend', 'frontend']) writeSecret(`${root}/${app}/client-secret`, secret());
}
