import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorizationUrl } from '../../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const PREFIX = 'trefoil_provider_authorization_';

let provider: ProviderUnderTest;
let site: Server;
let browser: Browser;
/** A page of another site. */
let elsewhere: Page;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { AUTHORIZATION_REQUESTS_PER_ADDRESS: '100000' });
  site = createServer((_, reply) => reply.setHeader('Content-Type', 'text/html').end('<h1>Another site</h1>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await provider.stop();
  await new Promise((resolve) => site.close(resolve));
});
beforeEach(async () => {
  browser = new Browser({ stopAt: DEMO.frontend });
  elsewhere = await browser.open(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
});

const form = (state: string) => Object.fromEntries(authorizationUrl(provider.url, { state }).searchParams);

const postFromElsewhere = (state: string, follow: boolean): Promise<Page> => {
  const body = new URLSearchParams(form(state)).toString();
  return browser.navigate('POST', new URL(`${provider.url}/authorize`), { body, from: elsewhere, follow });
};

const cookies = async () =>
  (await browser.cookies.getCookies(provider.url)).filter(({ key }) => key.startsWith(PREFIX));

describe('the sign-in cookies of a browser', () => {
  it.each([
    ['that follow their redirects', true],
    ['that the other site interrupts before their redirects', false],
  ])(
    'stay at most 20 after 200 forms of another site %s, and the browser stays usable',
    async (_, follow) => {
      for (let count = 0; count < 200; count++) await postFromElsewhere(String(count), follow);
      expect((await cookies()).length).toBeLessThanOrEqual(20);
      const login = await browser.open(authorizationUrl(provider.url));
      expect([login.status, login.has('#login')]).toEqual([200, true]);
    },
    180_000,
  );

  it('come from the redirect of a form of another site, to which the browser adds its cookies', async () => {
    const answered = await postFromElsewhere('a', false);
    expect(answered.headers.getSetCookie().filter((cookie) => cookie.startsWith(PREFIX))).toEqual([]);
    expect((await postFromElsewhere('b', true)).has('#login')).toBe(true);
  });

  it('bind a request of a form to the first browser that continues it (RFC 9700 §4.7)', async () => {
    const { location } = await postFromElsewhere('a', false);
    if (!location) throw new Error('the form was not redirected');
    const login = await browser.open(location);
    expect(login.has('#login')).toBe(true);
    expect((await new Browser().open(location)).status).toBe(404);
    expect((await browser.open(location)).has('#login')).toBe(true);
  });

  it('are removed by the next request, whatever it asks for, when there are too many', async () => {
    for (let count = 0; count < 60; count++) {
      await browser.cookies.setCookie(`${PREFIX}${count}=${1000 + count}.${'x'.repeat(43)}; Path=/`, provider.url);
    }
    await browser.open(`${provider.url}/`);
    expect((await cookies()).map(({ key }) => Number(key.slice(PREFIX.length))).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => 40 + n),
    );
  });

  it('are removed in the order in which they were set, also within one second', async () => {
    const pages: Page[] = [];
    for (let count = 0; count < 21; count++) pages.push(await browser.open(authorizationUrl(provider.url)));
    const statuses: number[] = [];
    for (const { url } of pages) statuses.push((await browser.open(url)).status);
    expect(statuses).toEqual([404, ...Array<number>(20).fill(200)]);
  });
});
