import { Browser, databaseConnection, type DatabaseConnection, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;
let connection: DatabaseConnection;
let browser: Browser;

beforeAll(async () => {
  connection = await databaseConnection(await testDatabase());
  frontend = await FrontendUnderTest.start(connection.url);
  browser = new Browser();
  await browser.open(`${frontend.url}/login`);
  frontend.backend.add({ name: 'Ada' });
});
afterAll(async () => {
  await frontend.stop();
  await connection.cut();
});

/** Checks that pages answer 503 in time, and that the session is still there afterwards. */
async function expectUnavailable(path: string): Promise<void> {
  const start = performance.now();
  const page = await browser.open(`${frontend.url}${path}`);
  expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([503, true]);
  expect(performance.now() - start).toBeLessThan(2500);
}

describe.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
  ['is down', () => connection.cut(), () => connection.restore()],
  ['hangs', () => connection.freeze(), () => connection.thaw()],
])('while the database %s', (_, interrupt, recover) => {
  beforeAll(() => interrupt());

  it.each(['/', '/contacts', '/profile', '/login'])('%s answers 503 within 2.5 s', expectUnavailable);

  it('signs nobody out', async () => {
    await recover();
    expect((await browser.open(`${frontend.url}/contacts`)).text).toContain('Ada');
  });
});
