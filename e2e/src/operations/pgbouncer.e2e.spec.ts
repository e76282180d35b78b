import {
  createDatabases,
  type DatabaseUrls,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  type RunningPostgres,
  type Stack,
  startPostgres,
  startTemporaryStack,
  waitUntil,
} from '@trefoil/local-stack';
import { Browser, demoUsers, RelyingParty, signInAndConsent, type Tokens } from '@trefoil/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenIntrospection, tokenRevocation } from 'openid-client';
import pg from 'pg';
import { asApp, fetchAs } from '../clients/app-certificate.js';
import { FRONTEND_SCOPE } from '../clients/demo-clients.js';
import { findPgbouncer } from './pgbouncer/find-pgbouncer.js';
import { Pgbouncer } from './pgbouncer/pgbouncer.js';
import { runTrefoil } from './run-trefoil.js';

const guide = new URL('../../../docs/performance.md', import.meta.url);
const passwords = { provider: 'provider-password', backend: 'backend-password', frontend: 'frontend-password' };
const isInstalled = findPgbouncer() !== undefined;

/** Returns the settings of the guide, for a PostgreSQL on a port of this machine. */
function settingsOf(port: number): string {
  const [, settings = ''] = /^ *```ini\n(.*?)^ *```$/ms.exec(readFileSync(guide, 'utf8')) ?? [];
  expect(settings).toContain('host=db.example.com port=5432');
  return settings.replace('host=db.example.com port=5432', `host=127.0.0.1 port=${port}`).replace(/^ +/gm, '');
}

(isInstalled ? describe : describe.skip)(
  `servers behind pgbouncer in transaction pooling${isInstalled ? '' : ' (no pgbouncer 1.21 or later: install it, or name it in PGBOUNCER_PATH)'}`,
  () => {
    let directory: string;
    let postgres: RunningPostgres;
    let direct: DatabaseUrls;
    let pgbouncer: Pgbouncer;
    let stack: Stack;
    let client: RelyingParty;

    const urlsOf = (app: keyof typeof passwords) => ({
      DATABASE_URL: pgbouncer.urlOf(direct[app] ?? ''),
      DATABASE_SESSION_URL: `${direct[app]}?application_name=session`,
    });

    beforeAll(async () => {
      directory = await makeTemporaryDirectory();
      postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
      direct = await createDatabases(postgres.adminUrl, passwords);
      pgbouncer = await Pgbouncer.start(settingsOf(postgres.port), direct);
      stack = await startTemporaryStack({
        redis: false,
        environment: { provider: urlsOf('provider'), backend: urlsOf('backend'), frontend: urlsOf('frontend') },
      });
      const redirectUri = `${stack.urls.frontend}/callback`;
      client = await RelyingParty.discover({ issuer: stack.urls.provider, ...asApp(stack, 'frontend'), redirectUri });
    }, 120_000);
    afterAll(async () => {
      await stack.stop();
      await pgbouncer.stop();
      await postgres.stop();
      removeTemporaryDirectory(directory);
    });

    const signIn = (): Promise<Tokens> =>
      client.signIn({
        ...demoUsers.alice,
        scope: `${FRONTEND_SCOPE} offline_access`,
        parameters: { resource: stack.urls.backend },
      });
    const isActive = async ({ access_token }: Tokens) =>
      (await tokenIntrospection(client.configuration, access_token)).active;
    const contacts = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetchAs(stack, 'frontend')(`${stack.mtlsUrls.backend}/v1/contacts`, { headers })).status;
    };
    const isRefusedSoon = (token: string) =>
      waitUntil(async () => (await contacts(token)) === 401, { timeout: 10_000 });
    /** Queries PostgreSQL itself, as its superuser. */
    async function query<Row extends object>(sql: string): Promise<Row[]> {
      const admin = new pg.Client({ connectionString: postgres.adminUrl });
      await admin.connect();
      try {
        return (await admin.query<Row>(sql)).rows;
      } finally {
        await admin.end();
      }
    }

    it('sign a user in and show the profile, which needs all three servers', async () => {
      const page = await signInAndConsent(await new Browser().open(`${stack.urls.frontend}/profile`), demoUsers.bob);
      expect(page.text).toContain('bob@example.com');
    });

    it('refresh, introspect and serve many requests at once over two connections to each database', async () => {
      const grants = await Promise.all(Array.from({ length: 12 }, signIn));
      const refreshed = await Promise.all(grants.map((tokens) => client.refresh(tokens)));
      const again = await Promise.all(refreshed.map((tokens) => client.refresh(tokens)));
      expect(await Promise.all(again.map(isActive))).toEqual(again.map(() => true));
      const answers = again.flatMap(({ access_token }) => [contacts(access_token), contacts(access_token)]);
      expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
      const pools = await pgbouncer.show('SHOW POOLS');
      const servers = await pgbouncer.show('SHOW SERVERS');
      for (const app of ['provider', 'backend', 'frontend']) {
        const database = `trefoil_${app}`;
        expect(pools).toContainEqual(expect.objectContaining({ database, pool_mode: 'transaction' }));
        expect(servers.filter((server) => server.database === database).length).toBeLessThanOrEqual(2);
      }
      const clients = (await pgbouncer.show('SHOW CLIENTS')).filter(({ database }) => database === 'trefoil_provider');
      expect(clients.length).toBeGreaterThan(2);
    });

    it('execute the same prepared statements on both connections of a pool', async () => {
      const used = `
        SELECT statement FROM pg_prepared_statements WHERE NOT from_sql AND generic_plans + custom_plans > 1`;
      // Each transaction occupies one of the two connections.
      const sessions = [0, 1].map(() => new pg.Client({ connectionString: pgbouncer.urlOf(direct.provider ?? '') }));
      try {
        const statements: string[][] = [];
        for (const session of sessions) {
          await session.connect();
          await session.query('BEGIN');
          const { rows } = await session.query<{ statement: string }>(used);
          statements.push(rows.map(({ statement }) => statement));
        }
        const [first = [], second = []] = statements;
        const onBoth = first.filter((statement) => second.includes(statement));
        expect(onBoth).toContainEqual(expect.stringMatching(/UPDATE "?grants"?/));
        expect(onBoth.length).toBeGreaterThan(2);
      } finally {
        await Promise.all(sessions.map((session) => session.end()));
      }
    });

    it('have the time limits of the guide, which pgbouncer drops at the start of a connection', async () => {
      const session = new pg.Client({ connectionString: pgbouncer.urlOf(direct.provider ?? '') });
      await session.connect();
      const settings = `
        SELECT current_setting('statement_timeout') AS statement,
               current_setting('idle_in_transaction_session_timeout') AS idle`;
      const { rows } = await session.query(settings);
      await session.end();
      expect(rows).toEqual([{ statement: '1800ms', idle: '10s' }]);
    });

    it('listen on sessions of their own, and refuse a revoked token at the backend', async () => {
      const listeners = await query<{ name: string; database: string }>(
        `SELECT DISTINCT application_name AS name, datname AS database FROM pg_stat_activity
         WHERE query ILIKE 'LISTEN%' OR application_name = 'session' ORDER BY datname`,
      );
      expect(listeners).toEqual([
        { name: 'session', database: 'trefoil_backend' },
        { name: 'session', database: 'trefoil_provider' },
      ]);
      const { access_token: token } = await signIn();
      expect(await contacts(token)).toBe(200);
      await tokenRevocation(client.configuration, token);
      expect(await isRefusedSoon(token)).toBe(true);
    });

    it('refuse the tokens of a user that a command has revoked', async () => {
      const { access_token: token } = await signIn();
      expect(await contacts(token)).toBe(200);
      const { exitCode, notes } = await runTrefoil(stack, 'revoke', '--user', demoUsers.alice.username, '--yes');
      expect({ exitCode, notes }).toMatchObject({ exitCode: 0 });
      expect(await isRefusedSoon(token)).toBe(true);
    });
  },
);
