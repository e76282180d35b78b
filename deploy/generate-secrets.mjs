// @ts-check
// Generates the secrets of one installation, in a directory for each server, and keeps those that exist:
//   node deploy/generate-secrets.mjs <directory> <address of PostgreSQL> [--client-secrets] [--redis=<address of Redis>]
// Without --client-secrets, the command `trefoil setup` generates the client secrets. Apps with a client certificate have none.
// With --redis, the file redis/users.acl gets a user for each server.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { databaseName, readAppRegistry } from '../libs/app-registry/dist/index.js';
import { replaceSecret, writeSecret } from './write-secret.mjs';

const secret = () => randomBytes(32).toString('base64url');

const [root = '/secrets', databaseHost = 'postgres:5432', ...options] = process.argv.slice(2);
const { apps, product } = readAppRegistry(`${import.meta.dirname}/..`);
writeSecret(`${root}/postgres/superuser-password`, secret());
for (const { name, kind, database, keys, clientCertificate } of apps) {
  if (database && !existsSync(`${root}/${name}/database-url`)) {
    const password = secret();
    const role = databaseName(product, name);
    writeSecret(`${root}/postgres/${name}-password`, password);
    writeSecret(`${root}/${name}/database-url`, `postgres://${role}:${password}@${databaseHost}/${role}`);
  }
  for (const key of keys) writeSecret(`${root}/${name}/${key}`, secret());
  if (kind !== 'provider' && !clientCertificate && options.includes('--client-secrets'))
    writeSecret(`${root}/${name}/client-secret`, secret());
}

const redisHost = options.find((option) => option.startsWith('--redis='))?.slice('--redis='.length);
if (redisHost !== undefined) {
  // Nobody can be `default`, but Redis loads its append-only file as this user. `health` may ask whether Redis answers, and
  // nothing else.
  const users = ['user default off ~* &* +@all', 'user health on nopass -@all +ping'];
  // FLUSHALL, SCAN and RANDOMKEY ignore the patterns of keys, so a server could delete or list the keys of others with them.
  const commands = '+@read +@write +@scripting +@pubsub +@connection +@transaction -@dangerous -scan -randomkey +time';
  for (const { name } of apps) {
    if (!existsSync(`${root}/${name}/redis-url`))
      writeSecret(`${root}/${name}/redis-url`, `redis://${name}:${secret()}@${redisHost}/0`);
    const { password } = new URL(readFileSync(`${root}/${name}/redis-url`, 'utf8'));
    const scope = `~${product}:${name}:* &${product}:${name}:*`;
    users.push(`user ${name} on >${password} ${scope} ${commands}`);
  }
  replaceSecret(`${root}/redis/users.acl`, `${users.join('\n')}\n`);
}
