import { Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { atOneMoment, later } from '../testing/later.js';

const LIMIT = 5;
const PREFIX = 'trefoil_frontend_sign_in_';
const DISCOVERY = 'GET /.well-known/openid-configuration';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  // The other tests start more sign-ins than the limit allows.
  frontend = await FrontendUnderTest.start(await testDatabase(), { SIGN_INS_PER_ADDRESS: '10000' });
});
afterAll(() => frontend.stop());

/** Starts a sign-in and stops before the callback. Returns the URL of the callback. */
async function upToCallback(browser: Browser): Promise<URL> {
  const login = await browser.open(`${frontend.url}/login?return_to=/profile`, { follow: false });
  const authorize = await browser.open(login.location ?? '', { follow: false });
  if (!authorize.location) throw new Error('no redirect to the callback');
  return authorize.location;
}

const startedSignIns = async (browser: Browser): Promise<number> =>
  (await browser.cookies.getCookies(frontend.url)).filter(({ key }) => key.startsWith(PREFIX)).length;

describe('the sign-ins that one network starts', () => {
  let limited: FrontendUnderTest;

  beforeAll(async () => {
    const settings = { SIGN_INS_PER_ADDRESS: String(LIMIT), TRUSTED_PROXIES: '1' };
    limited = await FrontendUnderTest.start(await testDatabase(), settings);
  });
  afterAll(() => limited.stop());

  const startFrom = (address: string, browser = new Browser({ headers: { 'x-forwarded-for': address } })) =>
    browser.open(`${limited.url}/login`, { follow: false });

  it('are limited: beyond SIGN_INS_PER_ADDRESS the answer is a 429 page with Retry-After, and nothing is stored (RFC 6585 §4)', async () => {
    for (let count = 0; count < LIMIT; count++) expect((await startFrom('203.0.113.9')).status).toBe(303);
    const [stored, discoveries] = [await limited.countEntries('sign-in:'), limited.issuer.count(DISCOVERY)];
    const refused = await Promise.all(Array.from({ length: 10 }, () => startFrom('203.0.113.9')));
    for (const page of refused) {
      expect(page.status).toBe(429);
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(page.headers.get('set-cookie')).toBeNull();
      expect(page.text).toContain('Too many requests');
      expect(page.link('Try again').pathname).toBe('/login');
    }
    expect([await limited.countEntries('sign-in:'), limited.issuer.count(DISCOVERY)]).toEqual([stored, discoveries]);
  });

  it('do not use up the limit of another network', async () => {
    for (let count = 0; count < LIMIT + 1; count++) await startFrom('2001:db8:0:1::7');
    expect((await startFrom('2001:db8:0:1::8')).status).toBe(429);
    expect((await startFrom('2001:db8:0:2::7')).status).toBe(303);
  });
});

describe('the metadata of the provider', () => {
  it('is not fetched for each sign-in', async () => {
    const before = frontend.issuer.count(DISCOVERY);
    await atOneMoment(async () => {
      for (let count = 0; count < 30; count++) await new Browser().open(`${frontend.url}/login`, { follow: false });
    });
    expect(frontend.issuer.count(DISCOVERY) - before).toBeLessThanOrEqual(1);
  });

  it('is fetched again when it is a second old, so that browsers are not sent to a provider that is down', async () => {
    await new Browser().open(`${frontend.url}/login`, { follow: false });
    const before = frontend.issuer.count(DISCOVERY);
    await later(2, () => new Browser().open(`${frontend.url}/login`, { follow: false }));
    expect(frontend.issuer.count(DISCOVERY)).toBe(before + 1);
  });
});

describe('another site that makes a browser start 150 sign-ins', () => {
  const query = () => new URLSearchParams({ iss: frontend.issuer.url, target_link_uri: `${frontend.url}/contacts` });

  /**
   * Navigates a browser from another site. Cookies with `SameSite=Lax` are sent with GET requests only, but set by the
   * answer to any navigation (RFC 6265bis §5.6, §5.7).
   */
  async function navigate(
    { cookies }: Browser,
    method: 'GET' | 'POST',
    url: URL,
    body?: URLSearchParams,
  ): Promise<void> {
    const cookie = method === 'GET' ? await cookies.getCookieString(url.href) : '';
    const headers = { 'Sec-Fetch-Site': 'cross-site', Accept: 'text/html', ...(cookie && { cookie }) };
    const answer = await fetch(url, { method, headers, redirect: 'manual', body });
    for (const setCookie of answer.headers.getSetCookie()) await cookies.setCookie(setCookie, url.href);
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location') ?? '', url);
    if (location.origin === frontend.url) await navigate({ cookies } as Browser, 'GET', location);
  }

  it.each([
    ['forms', (browser: Browser) => navigate(browser, 'POST', new URL(`${frontend.url}/login`), query())],
    ['links', (browser: Browser) => navigate(browser, 'GET', new URL(`${frontend.url}/login?${query().toString()}`))],
  ])('by %s leaves it at most ten cookies, so that no later request is too large (431)', async (_, start) => {
    const browser = new Browser();
    for (let count = 0; count < 150; count++) await start(browser);
    const started = await startedSignIns(browser);
    expect([started > 0, started <= 10]).toEqual([true, true]);
    expect((await browser.open(frontend.url)).status).toBe(200);
  });
});

describe('a browser that has too many cookies of started sign-ins or kept forms', () => {
  it.each([PREFIX, 'trefoil_frontend_held_form_'])(
    'loses the oldest %s… with every request, down to ten',
    async (prefix) => {
      const browser = new Browser();
      const secret = 'a'.repeat(43);
      for (let age = 0; age < 60; age++) {
        await browser.cookies.setCookie(`${prefix}${age}=${Date.now() - age * 1000}.${secret}; Path=/`, frontend.url);
      }
      for (let requests = 0; requests < 10; requests++) await browser.open(`${frontend.url}/nothing-here`);
      const left = (await browser.cookies.getCookies(frontend.url)).map(({ key }) => key);
      expect(left.sort()).toEqual(Array.from({ length: 10 }, (_, age) => `${prefix}${age}`).sort());
    },
  );

  it('receives a response whose headers stay small', async () => {
    const cookie = Array.from({ length: 100 }, (_, index) => `${PREFIX}${index}=1.${'a'.repeat(43)}`).join('; ');
    const { headers } = await fetch(frontend.url, { headers: { cookie } });
    expect([...headers].join('').length).toBeLessThan(4096);
  });
});

describe('sign-ins that are started in many tabs within a second', () => {
  it('drop the oldest, and all others can be finished', async () => {
    const browser = new Browser();
    const callbacks: URL[] = [];
    await atOneMoment(async () => {
      for (let tab = 0; tab < 12; tab++) callbacks.push(await upToCallback(browser));
    });
    const statuses = [];
    for (const callback of callbacks) statuses.push((await browser.open(callback, { follow: false })).status);
    expect(statuses).toEqual([400, 400, ...Array.from({ length: 10 }, () => 303)]);
  });
});
