import { type Stack, waitUntil } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, signInAndConsent } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { AppLoad, expectNoFailure, untilMoreRounds } from './load/app-load.js';
import { APPS, BalancedApps } from './rolling-restart/balanced-apps.js';
import { hasLastRelease, LAST_RELEASE, workspace } from './upgrade/last-release.js';
import { ReleaseTree } from './upgrade/release-tree.js';

const run = promisify(execFile);

/** The file of each app that lists its migrations. */
const MIGRATION_LISTS = { provider: 'data-source', backend: 'migrations', frontend: 'migrations' };

const NAMES_OF_RELEASED = `const { RELEASED_MIGRATIONS } = await import(process.argv[1]);
  console.log(JSON.stringify(RELEASED_MIGRATIONS.map((Migration) => new Migration().name ?? Migration.name)))`;

type Version = 'the last release' | 'this version';

(hasLastRelease ? describe : describe.skip)(`an upgrade from release ${LAST_RELEASE.version}`, () => {
  const apps = new BalancedApps();
  const load = new AppLoad(() => apps.urls, 20);
  const versions = {} as Record<Version, Stack>;
  let release: ReleaseTree;

  beforeAll(async () => {
    release = await ReleaseTree.build(LAST_RELEASE.commit);
    versions['the last release'] = await apps.start({ root: release.root });
    await load.createContacts();
  }, 500_000);
  afterAll(async () => {
    await apps.stop();
    release.delete();
  });

  const query = async <Row extends object>(app: (typeof APPS)[number], sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: versions['the last release'].databaseUrls[app] });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it.each(APPS)('RELEASED_MIGRATIONS of the %s are those of the last release', async (app) => {
    const list = join(workspace, 'apps', app, 'dist', 'database', `${MIGRATION_LISTS[app]}.js`);
    const flags = ['--input-type=module', '--eval', NAMES_OF_RELEASED, '--'];
    const { stdout } = await run(process.execPath, [...flags, pathToFileURL(list).href]);
    const applied = await query<{ name: string }>(app, 'SELECT name FROM migrations ORDER BY id');
    expect(JSON.parse(stdout)).toEqual(applied.map(({ name }) => name));
  });

  it('fails no request of the last release while this version migrates the databases', async () => {
    const workers = await load.startWorkers();
    await expectNoFailure(workers, async () => {
      for (const app of APPS) {
        const env = { ...process.env, ...versions['the last release'].environments[app] };
        await run(process.execPath, [join(workspace, 'apps', app, 'dist', 'migrate.js')], { env });
        // A migration that only adds, for a version that has none.
        await query(app, 'CREATE TABLE additions (id integer)');
        await query(app, `INSERT INTO migrations (timestamp, name) VALUES (9e12, 'CreateAdditions9')`);
      }
      await untilMoreRounds(workers, 12);
    });
  }, 120_000);

  describe('while both versions run', () => {
    beforeAll(async () => {
      versions['this version'] = await apps.addReplicas();
    }, 120_000);
    afterEach(() => apps.use());

    const orders: [Version, Version][] = [
      ['the last release', 'this version'],
      ['this version', 'the last release'],
    ];

    it.each(orders)(
      'what %s has begun, %s continues: sign-ins, sessions, codes and refresh tokens',
      async (first, second) => {
        apps.use(versions[first]);
        const client = await load.client();
        const tokens = await client.signIn(load.signInOptions());
        const { callback, checks } = await client.authorize(load.signInOptions());
        const visitor = new Browser({ stopAt: `${apps.urls.frontend}/callback` });
        const contacts = await visitor.open(`${apps.urls.frontend}/contacts`);
        const visit = await signInAndConsent(contacts, demoUsers.bob);

        apps.use(versions[second]);
        expect((await client.redeem(callback, checks)).refresh_token).toBeDefined();
        const refreshed = await client.refresh(tokens);
        expect((await load.contacts(tokens)).status).toBe(200);
        await visitor.open(visit.location ?? '');
        expect(await isSignedIn(visitor)).toBe(true);

        apps.use(versions[first]);
        expect((await client.refresh(refreshed)).refresh_token).toBeDefined();
        expect((await load.contacts(refreshed)).status).toBe(200);
        expect(await isSignedIn(visitor)).toBe(true);
      },
      60_000,
    );

    /** Opens a page that shows the profile of Bob. Returns false when the frontend asks for a sign-in first. */
    const isSignedIn = async (visitor: Browser): Promise<boolean> => {
      const page = await visitor.open(`${apps.urls.frontend}/profile`, { follow: false });
      expect([200, 303]).toContain(page.status);
      return page.status === 200 && page.text.includes('bob@example.com');
    };

    it('both refresh the tokens of one session in turn', async () => {
      const lifetime = (seconds: number) =>
        query(
          'provider',
          `UPDATE resource_servers SET access_token_lifetime = ${seconds} WHERE identifier = '${apps.urls.backend}'`,
        );
      const refreshes = async () =>
        (await query<{ count: number }>('provider', 'SELECT sum(refresh_generation)::int AS count FROM grants'))[0]
          ?.count ?? 0;
      const visitor = new Browser();
      await lifetime(1);
      try {
        // A provider reads a resource server once a second.
        const isShort = async () => (await load.signIn()).expires_in === 1;
        for (const stack of apps.stacks) {
          apps.use(stack);
          expect(await waitUntil(isShort, { timeout: 10_000 })).toBe(true);
        }
        await signInAndConsent(await visitor.open(`${apps.urls.frontend}/contacts`), demoUsers.bob);
        for (const version of [...orders.flat(), ...orders.flat()]) {
          apps.use(versions[version]);
          const before = await refreshes();
          const isRefreshed = async () => (await isSignedIn(visitor)) && (await refreshes()) > before;
          expect(await waitUntil(isRefreshed, { timeout: 10_000 })).toBe(true);
        }
      } finally {
        await lifetime(600);
      }
    }, 60_000);

    it.each(orders)(
      'a revocation at %s reaches %s',
      async (first, second) => {
        apps.use(versions[first]);
        const tokens = await load.signIn();
        const { clientId, clientSecret } = demoClients.frontend;
        const body = new URLSearchParams({ token: tokens.refresh_token ?? '' });
        const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
        expect((await fetch(`${apps.urls.provider}/revoke`, { method: 'POST', headers, body })).status).toBe(200);

        apps.use(versions[second]);
        const isRefused = async () => (await load.contacts(tokens)).status === 401;
        expect(await waitUntil(isRefused, { timeout: 20_000 })).toBe(true);
      },
      60_000,
    );

    it('a person sees no failure when the servers of the last release are replaced one by one', async () => {
      const workers = await load.startWorkers();
      const { 'the last release': last } = versions;
      await expectNoFailure(workers, async () => {
        for (const app of APPS) {
          const restart = last.restart(app);
          if (LAST_RELEASE.startsOnNewerSchema) {
            await restart;
            await last.kill(app, 'SIGTERM');
          } else
            await expect(restart).rejects.toThrow('has migrations that this version does not know: CreateAdditions9');
          await untilMoreRounds(workers, 4);
        }
      });
    }, 240_000);
  });
});
