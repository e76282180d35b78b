import { Browser, testDatabase } from '@trefoil/testing';
import { LONGEST_LOGIN_HINT, LONGEST_NONCE, LONGEST_STATE } from '../limits.js';
import { authorizationUrl, CALLBACK } from '../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { authorizeUrl, push, requestObject } from '../testing/pushed-requests.js';
import { CLIENT_CALLBACK, givenClient, type TestClient } from '../testing/test-clients.js';

let provider: ProviderUnderTest;
let client: TestClient;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  client = await givenClient(provider);
});
afterAll(() => provider.stop());
beforeEach(() => provider.dataSource.query('DELETE FROM state_entries'));

const newBrowser = () => new Browser({ stopAt: [DEMO.frontend, CLIENT_CALLBACK] });

const storedEntries = async ({ dataSource } = provider): Promise<number> => {
  const [{ count }] = await dataSource.query<[{ count: string }]>('SELECT count(*) FROM state_entries');
  return Number(count);
};

describe('the length of a parameter', () => {
  const limits: [string, number][] = [
    ['state', LONGEST_STATE],
    ['nonce', LONGEST_NONCE],
    ['login_hint', LONGEST_LOGIN_HINT],
  ];

  it.each(limits)('%s is at most %d at /authorize, in a pushed request and in a request object', async (name, most) => {
    const long = { [name]: 'x'.repeat(most + 1) };
    const refusal = { error: 'invalid_request', error_description: `${name} must have at most ${most} characters` };
    const browser = newBrowser();
    const asked = await browser.open(authorizationUrl(provider.url, long));
    expect(Object.fromEntries(asked.location?.searchParams ?? [])).toMatchObject(refusal);
    expect((await push(provider, client, long)).body).toMatchObject(refusal);
    const request = await requestObject(provider, client, long);
    expect((await push(provider, client, { request })).body).toMatchObject(refusal);
    const parameters = { client_id: client.clientId, redirect_uri: CLIENT_CALLBACK, request };
    const signed = await browser.open(authorizeUrl(provider, parameters));
    expect(Object.fromEntries(signed.location?.searchParams ?? [])).toMatchObject(refusal);
    expect(await storedEntries()).toBe(0);
  });

  it.each(limits)('%s of exactly the limit of %d is accepted', async (name, most) => {
    const page = await newBrowser().open(authorizationUrl(provider.url, { [name]: 'x'.repeat(most) }));
    expect(page.has('#login')).toBe(true);
  });

  it('an error response leaves out a state that is too long', async () => {
    const page = await newBrowser().open(authorizationUrl(provider.url, { state: 'x'.repeat(LONGEST_STATE + 1) }));
    expect(page.location?.href).toMatch(`${CALLBACK}?`);
    expect(page.location?.searchParams.has('state')).toBe(false);
  });
});

describe('the limit of pending authorizations', () => {
  let small: ProviderUnderTest;

  // A refused network is also remembered in memory, so each test has a server of its own.
  beforeEach(async () => {
    small = await startProvider(await testDatabase(), { AUTHORIZATION_REQUESTS_PER_ADDRESS: '3' });
  });
  afterEach(() => small.stop());

  const url = (changes?: Parameters<typeof authorizationUrl>[1]) => authorizationUrl(small.url, changes);

  it.each([
    ['GET', () => newBrowser().open(url())],
    ['POST', () => newBrowser().post(`${small.url}/authorize`, Object.fromEntries(url().searchParams))],
  ])('answers %s /authorize with a page, 429 and Retry-After, and stores nothing (RFC 6585 §4)', async (_, ask) => {
    for (let count = 0; count < 3; count++) expect((await ask()).status).toBe(200);
    const stored = await storedEntries(small);
    const page = await ask();
    expect([page.status, page.title]).toEqual([429, expect.stringContaining('Too many requests')]);
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await storedEntries(small)).toBe(stored);
  });

  it('does not count requests that are answered at once', async () => {
    for (let count = 0; count < 5; count++) {
      const page = await newBrowser().open(url({ prompt: 'none' }));
      expect(page.location?.searchParams.get('error')).toBe('login_required');
    }
    expect(await storedEntries(small)).toBe(0);
  });
});
