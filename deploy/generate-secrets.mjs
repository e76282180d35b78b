// @ts-check
// Generates the secrets of one installation, in a directory for each server, and keeps those that exist:
//   node deploy/generate-secrets.mjs <directory> <address of PostgreSQL> [--client-secrets]
// Without --client-secrets, the command `trefoil setup` generates the client secrets.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { databaseName, readAppRegistry } from '../libs/app-registry/dist/index.js';
import { writeSecret } from './write-secret.mjs';

const secret = () => randomBytes(32).toString('base64url');

const [root = '/secrets', databaseHost = 'postgres:5432', ...options] = process.argv.slice(2);
const { apps, product } = readAppRegistry(`${import.meta.dirname}/..`);
writeSecret(`${root}/postgres/superuser-password`, secret());
for (const { name, kind, database, keys } of apps) {
  if (database && !existsSync(`${root}/${name}/database-url`)) {
    const password = secret();
    const role = databaseName(product, name);
    writeSecret(`${root}/postgres/${name}-password`, password);
    writeSecret(`${root}/${name}/database-url`, `postgres://${role}:${password}@${databaseHost}/${role}`);
  }
  for (const key of keys) writeSecret(`${root}/${name}/${key}`, secret());
  if (kind !== 'provider' && options.includes('--client-secrets'))
    writeSecret(`${root}/${name}/client-secret`, secret());
}
