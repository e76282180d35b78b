import { type Answer, Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

const INVALID_TOKEN: Answer = [401, {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }];

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(async () => {
  frontend.issuer.user = { sub: 'alice', name: undefined };
  frontend.issuer.tokenAnswer = undefined;
  frontend.issuer.accessTokenLifetime = 600;
  frontend.backend.refuses = INVALID_TOKEN;
  await frontend.forgetSessions();
  frontend.issuer.requests.length = 0;
});

describe('a backend that refuses tokens that were just issued', () => {
  it.each([
    ['without a name in the ID token', undefined],
    ['with a name in the ID token', 'Alice'],
  ])('leads to a page that says so, and to no further sign-in: %s', async (_, name) => {
    frontend.issuer.user = { sub: 'alice', name };
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/contacts`);
    expect([page.status, page.url.pathname]).toEqual([401, '/contacts']);
    expect(page.text).toContain('does not accept your sign-in');
    expect(frontend.issuer.count('GET /authorize')).toBe(1);
    expect(page.link('Sign in again').searchParams.get('return_to')).toBe('/contacts');
    expect(page.has('form[action="/logout"]')).toBe(true);
  });

  it('does not end the session, which works again when the backend accepts tokens', async () => {
    const browser = new Browser();
    await browser.open(`${frontend.url}/contacts`);
    expect(await frontend.countSessions()).toBe(1);
    frontend.backend.refuses = undefined;
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
    expect(frontend.issuer.count('GET /authorize')).toBe(1);
  });

  it.each<[string, Answer]>([
    ['no challenge', [401, {}]],
    [
      'another error (RFC 9470 §3)',
      [401, {}, { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' }],
    ],
  ])('does not end the session when it answers 401 with %s', async (_, answer) => {
    frontend.backend.refuses = undefined;
    const browser = new Browser();
    await browser.open(`${frontend.url}/login`);
    frontend.backend.refuses = answer;
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(401);
    expect(await frontend.countSessions()).toBe(1);
  });

  it.each([
    ['while the provider refuses to refresh them (RFC 6749 §5.2)', undefined],
    ['while the provider refuses to refresh them, with a name in the ID token', 'Alice'],
  ])('leads to a page, after one more sign-in at most: %s', async (_, name) => {
    frontend.issuer.user = { sub: 'alice', name };
    let requests = 0;
    frontend.issuer.tokenAnswer = (usual) => (requests++ % 2 === 0 ? usual() : [400, { error: 'invalid_grant' }]);
    const page = await new Browser().open(`${frontend.url}/contacts`);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.link('Sign in again').searchParams.get('return_to')).toBe('/contacts');
    expect(frontend.issuer.count('GET /authorize')).toBeLessThanOrEqual(2);
  });
});

describe('a session that the provider ends a while after the sign-in', () => {
  it('leads to the sign-in without a page in between, every time', async () => {
    frontend.backend.refuses = undefined;
    const browser = new Browser();
    await browser.open(`${frontend.url}/contacts`);
    for (let time = 0; time < 3; time++) {
      await frontend.backdateSessions(120);
      frontend.issuer.revokeGrants();
      expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
    }
    expect(frontend.issuer.count('GET /authorize')).toBe(4);
  });
});
