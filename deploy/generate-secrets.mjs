// @ts-check
// Writes the secrets of one installation, each party's into a directory of its own; what exists is left alone.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const secret = () => randomBytes(32).toString('base64url');

/** @param {string} path @param {string} value */
function write(path, value) {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  // The volume is mounted only where the secret is needed, by users of other ids.
  writeFileSync(path, value, { mode: 0o444 });
  process.stdout.write(`wrote ${path}\n`);
}

const [root = '/secrets', databaseHost = 'postgres:5432'] = process.argv.slice(2);
write(`${root}/postgres/superuser-password`, secret());
for (const app of ['provider', 'backend', 'frontend']) {
  if (existsSync(`${root}/${app}/database-url`)) continue;
  const password = secret();
  write(`${root}/postgres/${app}-password`, password);
  write(`${root}/${app}/database-url`, `postgres://trefoil_${app}:${password}@${databaseHost}/trefoil_${app}`);
}
write(`${root}/provider/encryption-key`, secret());
write(`${root}/provider/grant-key`, secret());
write(`${root}/frontend/encryption-key`, secret());
