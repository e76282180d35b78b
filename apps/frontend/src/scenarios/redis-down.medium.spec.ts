import {
  Browser,
  type DatabaseConnection,
  databaseConnection,
  describeWithRedis,
  testDatabase,
  testRedis,
} from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

describeWithRedis('a frontend with Redis', () => {
  let frontend: FrontendUnderTest;
  let connection: DatabaseConnection;
  let browser: Browser;

  beforeAll(async () => {
    connection = await databaseConnection(testRedis().url);
    const REDIS_KEY_PREFIX = testRedis().prefix.replaceAll(':', '.');
    frontend = await FrontendUnderTest.start(await testDatabase(), { REDIS_URL: connection.url, REDIS_KEY_PREFIX });
    browser = new Browser();
    await browser.open(`${frontend.url}/login`);
    frontend.backend.add({ name: 'Ada' });
  });
  afterAll(async () => {
    await frontend.stop();
    await connection.cut();
  });

  const readiness = () => fetch(`${frontend.url}/health/ready`);

  it('keeps no session in the database', async () => {
    expect((await browser.open(`${frontend.url}/contacts`)).text).toContain('Ada');
    expect(await frontend.countEntries('')).toBe(0);
  });

  it('shares sessions between replicas', async () => {
    const replica = await frontend.addReplica();
    const cookie = await browser.cookies.getCookieString(frontend.url);
    const answer = await fetch(`${replica}/contacts`, { headers: { cookie } });
    expect(await answer.text()).toContain('Ada');
  });

  describe.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['is down', () => connection.cut(), () => connection.restore()],
    ['hangs', () => connection.freeze(), () => connection.thaw()],
  ])('while Redis %s', (_, interrupt, recover) => {
    beforeAll(() => interrupt());

    it.each(['/', '/contacts', '/profile', '/login'])('%s answers 503 within 2.5 s', async (path) => {
      const start = performance.now();
      const page = await browser.open(`${frontend.url}${path}`);
      expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([503, true]);
      expect(performance.now() - start).toBeLessThan(2500);
    });

    it('the frontend is not ready, and names Redis', async () => {
      const answer = await readiness();
      expect([answer.status, await answer.json()]).toEqual([503, { status: 'down', checks: { redis: 'down' } }]);
    });

    it('nobody is signed out, and everything works again without a restart', async () => {
      await recover();
      while (!(await readiness()).ok);
      expect((await browser.open(`${frontend.url}/contacts`)).text).toContain('Ada');
    });
  });
});
