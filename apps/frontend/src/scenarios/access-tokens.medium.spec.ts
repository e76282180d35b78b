import { type Answer, Browser, testDatabase } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { later } from '../testing/later.js';
import { signal } from '../testing/signal.js';

let frontend: FrontendUnderTest;
let replica: string;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
  replica = await frontend.addReplica();
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.issuer.tokenAnswer = undefined;
  frontend.issuer.accessTokenLifetime = 600;
  frontend.issuer.requests.length = 0;
});
// Otherwise a background retry of one test could run during the next one.
afterEach(() => frontend.forgetSessions());

/** Returns a browser that is signed in with an access token of the given lifetime in seconds. */
async function signedIn(lifetime: number): Promise<Browser> {
  const browser = new Browser();
  frontend.issuer.accessTokenLifetime = lifetime;
  await browser.open(`${frontend.url}/login`);
  frontend.issuer.accessTokenLifetime = 600;
  frontend.issuer.requests.length = 0;
  return browser;
}

/** Delays the answer to a refresh, so that all requests that need one wait at the same time. */
const slowly = async (usual: () => Answer): Promise<Answer> => {
  const answer = usual();
  await wait(150);
  return answer;
};

describe('an expired access token', () => {
  it('is refreshed once for 20 simultaneous requests at two replicas', async () => {
    const browser = await signedIn(0);
    frontend.issuer.tokenAnswer = slowly;
    const urls = Array.from({ length: 20 }, (_, index) => `${index % 2 ? replica : frontend.url}/contacts`);
    const pages = await Promise.all(urls.map((url) => browser.open(url, { follow: false })));
    expect(pages.map(({ status }) => status)).toEqual(urls.map(() => 200));
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });

  it.each([
    [600, 560, 0],
    [600, 575, 1],
    [20, 5, 0],
    [20, 15, 1],
  ])(
    'with a lifetime of %i s and an age of %i s is refreshed shortly before it expires, not earlier',
    async (lifetime, age, refreshes) => {
      const browser = await signedIn(lifetime);
      await later(age, () => browser.open(`${frontend.url}/contacts`));
      expect(frontend.issuer.count('POST /token')).toBe(refreshes);
    },
  );

  it('is used until it expires while the provider is down', async () => {
    const browser = await signedIn(600);
    frontend.issuer.tokenAnswer = () => [503];
    expect((await later(590, () => browser.open(`${frontend.url}/contacts`))).status).toBe(200);
    expect((await later(601, () => browser.open(`${frontend.url}/contacts`))).status).toBe(503);
  });

  it('keeps the session while the provider is down: the page is 503, and works when the provider is back', async () => {
    const browser = await signedIn(0);
    await frontend.issuer.stop();
    const page = await browser.open(`${frontend.url}/contacts`);
    await frontend.issuer.start();
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('The sign-in service cannot be reached at the moment.');
    expect(page.text).toContain('You are still signed in');
    const again = await page.click('Try again');
    expect([again.status, again.url.pathname]).toEqual([200, '/contacts']);
    expect(frontend.issuer.count('GET /authorize')).toBe(0);
  });

  it('is refreshed again at once when the connection breaks, and the provider repeats the lost successor', async () => {
    const browser = await signedIn(0);
    frontend.issuer.tokenAnswer = (usual) => {
      usual();
      frontend.issuer.tokenAnswer = undefined;
      return 'broken';
    };
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
    expect(frontend.issuer.count('POST /token')).toBe(2);
  });

  it('is refreshed in the background when the answers were lost, before the provider stops repeating them', async () => {
    const browser = await signedIn(0);
    const settled = signal();
    let left = 2;
    frontend.issuer.tokenAnswer = (usual) => {
      const answer = usual();
      if (left-- > 0) return 'broken';
      settled.give();
      return answer;
    };
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(503);
    await settled.given;
    const refreshes = frontend.issuer.count('POST /token');
    expect((await browser.open(`${replica}/contacts`)).status).toBe(200);
    expect(frontend.issuer.count('POST /token')).toBe(refreshes);
    expect(frontend.issuer.count('GET /authorize')).toBe(0);
  });

  it.each<[string, Answer]>([
    ['500', [500]],
    ['429', [429, { error: 'slow_down' }]],
    ['an unknown client', [401, { error: 'invalid_client' }]],
    ['a refused scope', [400, { error: 'invalid_scope' }]],
    ['no tokens at all', [200, {}]],
  ])(
    'keeps the session when the provider answers with %s, because only invalid_grant ends it',
    async (_name, answer) => {
      const browser = await signedIn(0);
      frontend.issuer.tokenAnswer = () => answer;
      expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(503);
      frontend.issuer.tokenAnswer = undefined;
      expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
      expect(frontend.issuer.count('GET /authorize')).toBe(0);
    },
  );

  it('leads to an answer within 3 s for all waiting requests when the provider does not answer', async () => {
    const browser = await signedIn(0);
    const release = signal<Answer>();
    frontend.issuer.tokenAnswer = () => release.given;
    const start = performance.now();
    const urls = Array.from({ length: 6 }, () => `${frontend.url}/contacts`);
    const pages = await Promise.all(urls.map((url) => browser.open(url)));
    release.give([503]);
    expect(pages.map(({ status }) => status)).toEqual(urls.map(() => 503));
    expect(performance.now() - start).toBeLessThan(3000);
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });

  it('ends the session on invalid_grant (RFC 6749 §5.2), and the page redirects to the sign-in', async () => {
    const browser = await signedIn(0);
    const before = await frontend.countSessions();
    frontend.issuer.revokeGrants();
    const page = await browser.open(`${frontend.url}/contacts`, { follow: false });
    expect(page.location?.pathname).toBe('/login');
    expect(page.location?.searchParams.get('return_to')).toBe('/contacts');
    expect(await frontend.countSessions()).toBe(before - 1);
  });

  it('does not restore the session when the refresh finishes after the sign-out', async () => {
    const browser = await signedIn(0);
    const home = await browser.open(frontend.url);
    const before = await frontend.countSessions();
    const reached = signal();
    const release = signal();
    frontend.issuer.tokenAnswer = async (usual) => {
      reached.give();
      await release.given;
      return usual();
    };
    const refreshing = browser.open(`${frontend.url}/contacts`, { follow: false });
    await reached.given;
    await home.submit('form[action="/logout"]');
    release.give();
    expect((await refreshing).location?.pathname).toBe('/login');
    expect(await frontend.countSessions()).toBe(before - 1);
  });
});

describe('an access token that the backend refuses', () => {
  it('is replaced once, and the request is repeated', async () => {
    const browser = await signedIn(600);
    frontend.issuer.revokeAccessTokens();
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });

  it('is replaced once for 20 simultaneous requests at two replicas', async () => {
    const browser = await signedIn(600);
    frontend.issuer.revokeAccessTokens();
    frontend.issuer.tokenAnswer = slowly;
    const urls = Array.from({ length: 20 }, (_, index) => `${index % 2 ? replica : frontend.url}/contacts`);
    const pages = await Promise.all(urls.map((url) => browser.open(url, { follow: false })));
    expect(pages.map(({ status }) => status)).toEqual(urls.map(() => 200));
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });

  it('leads to a page that asks the user to sign in when a new token is refused as well, instead of a redirect loop', async () => {
    const browser = await signedIn(600);
    frontend.issuer.tokenAnswer = (usual) => {
      const answer = usual();
      frontend.issuer.revokeAccessTokens();
      return answer;
    };
    frontend.issuer.revokeAccessTokens();
    const page = await browser.open(`${frontend.url}/contacts`);
    expect(page.status).toBe(401);
    expect(page.text).toContain('Please sign in again');
    expect(page.link('Sign in again').searchParams.get('return_to')).toBe('/contacts');
    expect(frontend.issuer.count('GET /authorize')).toBe(0);
  });
});
