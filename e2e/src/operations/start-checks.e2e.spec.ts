import {
  createDatabases,
  type DatabaseUrls,
  freePort,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  type RunningPostgres,
  startPostgres,
} from '@trefoil/local-stack';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const secret = () => randomBytes(32).toString('base64url');
const issuer = 'https://auth.example.com';

const settings = {
  provider: { ISSUER: issuer, ENCRYPTION_KEY: secret(), GRANT_KEY: secret() },
  backend: {
    PUBLIC_URL: 'https://api.example.com',
    ISSUER: issuer,
    CLIENT_ID: 'backend',
    CLIENT_SECRET: secret(),
    USER_CLIENTS: 'frontend',
  },
  frontend: {
    PUBLIC_URL: 'https://app.example.com',
    ISSUER: issuer,
    BACKEND_URL: 'https://api.example.com',
    CLIENT_ID: 'frontend',
    CLIENT_SECRET: secret(),
    ENCRYPTION_KEY: secret(),
  },
};
/** In milliseconds. A run takes two seconds on a machine that runs nothing else. */
const LONGEST_RUN = 60_000;
const TIMEOUT = 3 * LONGEST_RUN;

const apps = Object.keys(settings) as (keyof typeof settings)[];

describe('a server that is started too early', () => {
  let directory: string;
  let postgres: RunningPostgres;
  let databaseUrls: DatabaseUrls;

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
    databaseUrls = await createDatabases(postgres.adminUrl, { provider: 'p', backend: 'b', frontend: 'f' });
  }, 60_000);
  afterAll(async () => {
    await postgres.stop();
    removeTemporaryDirectory(directory);
  });

  const scriptOf = (app: keyof typeof settings, script: 'main' | 'migrate') =>
    fileURLToPath(new URL(`../../../apps/${app}/dist/${script}.js`, import.meta.url));
  const environmentOf = (app: keyof typeof settings) => ({
    ...{ PATH: process.env.PATH, PORT: '1', DATABASE_URL: databaseUrls[app] },
    ...settings[app],
  });
  const run = (app: keyof typeof settings, script: 'main' | 'migrate', environment: Record<string, string> = {}) =>
    spawnSync(process.execPath, [scriptOf(app, script)], {
      env: { ...environmentOf(app), ...environment },
      encoding: 'utf8',
      timeout: LONGEST_RUN,
    });

  it.each(apps)(
    'the %s refuses a database that is not migrated, and names the command',
    (app) => {
      const { status, stderr } = run(app, 'main');
      expect(status).toBe(1);
      expect(stderr).toMatch(new RegExp(`^The database of the ${app} lacks \\d+ of \\d+ migrations\\. `));
      expect(stderr.trim()).toMatch(new RegExp(`node apps/${app}/dist/migrate\\.js$`));
    },
    TIMEOUT,
  );

  it.each(apps)(
    'the %s refuses the database of another server',
    async (app) => {
      const client = new pg.Client({ connectionString: databaseUrls[app] });
      await client.connect();
      await client.query(`CREATE TABLE migrations (id serial, "timestamp" bigint, name text)`);
      await client.query(`INSERT INTO migrations ("timestamp", name) VALUES (1, 'CreateInvoices1')`);
      const { status, stderr } = run(app, 'main');
      await client.query('DROP TABLE migrations');
      await client.end();
      expect(status).toBe(1);
      expect(stderr).toContain(
        `The database of the ${app} has migrations that this version does not know: CreateInvoices1.`,
      );
      expect(stderr).toContain(`Set DATABASE_URL to the database of the ${app}.`);
    },
    TIMEOUT,
  );

  it(
    'a server starts on a database that a newer version has migrated, and logs it',
    async () => {
      expect(run('frontend', 'migrate').status).toBe(0);
      const client = new pg.Client({ connectionString: databaseUrls.frontend });
      await client.connect();
      await client.query(`INSERT INTO migrations (timestamp, name) VALUES (9e12, 'AddTomorrow9')`);
      await client.end();
      const env = { ...environmentOf('frontend'), PORT: String(await freePort()) };
      const server = spawn(process.execPath, [scriptOf('frontend', 'main')], { env });
      let log = '';
      for await (const text of server.stdout)
        if ((log += String(text)).includes('AddTomorrow9')) server.kill('SIGKILL');
      expect(log).toContain('"migrations":["AddTomorrow9"],"msg":"A newer version has migrated the database"');
    },
    TIMEOUT,
  );

  it.each(apps)(
    'the migrations of the %s run at DATABASE_SESSION_URL when it is set',
    (app) => {
      const { status, stderr } = run(app, 'migrate', {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        DATABASE_SESSION_URL: databaseUrls[app] ?? '',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    TIMEOUT,
  );

  it(
    'the provider refuses a database that has not been set up, and names the command',
    () => {
      expect(run('provider', 'migrate').status).toBe(0);
      const { status, stderr } = run('provider', 'main');
      expect(status).toBe(1);
      expect(stderr).toMatch(/^The database of the provider has not been set up\. /);
      expect(stderr).toContain('npm run trefoil -- setup --frontend-url');
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    TIMEOUT,
  );

  it(
    'the provider refuses a database that was set up for another issuer',
    async () => {
      const client = new pg.Client({ connectionString: databaseUrls.provider });
      await client.connect();
      await client.query(
        `INSERT INTO resource_servers (identifier, name, scopes) VALUES ('https://id.example.com/api', 'Accounts', '[]')`,
      );
      await client.end();
      const { status, stderr } = run('provider', 'main');
      expect(status).toBe(1);
      expect(stderr).toContain(`not for ISSUER ${issuer}: it has the resource servers https://id.example.com/api.`);
    },
    TIMEOUT,
  );
});
