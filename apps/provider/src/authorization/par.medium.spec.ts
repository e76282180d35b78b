import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { Client } from '../clients/client.entity.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { authorizeUrl, push, requestObject } from '../testing/pushed-requests.js';
import { CLIENT_CALLBACK, type ClientOptions, givenClient, type TestClient } from '../testing/test-clients.js';
import { post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;
let client: TestClient;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  client = await givenClient(provider);
});
afterAll(() => provider.stop());
beforeEach(() => {
  browser = new Browser({ stopAt: CLIENT_CALLBACK });
});

const pushed = async (by = client, changes: Record<string, string | undefined> = {}): Promise<string> =>
  String((await push(provider, by, changes)).body.request_uri);

const open = (request_uri: string, { clientId } = client, more: Record<string, string> = {}): Promise<Page> =>
  browser.open(authorizeUrl(provider, { client_id: clientId, request_uri, ...more }));

async function signInAndAllow(signIn: Page): Promise<Page> {
  const consent = await signIn.submit('#login', demoUsers.alice);
  return consent.has('#allow') ? consent.submit('#allow') : consent;
}

const expectRefused = (page: Page) => {
  expect([page.status, page.location]).toEqual([400, undefined]);
  expect(page.text).toMatch('This sign-in cannot be started');
};

describe('a pushed authorization request', () => {
  it('is answered with a request_uri and its lifetime (RFC 9126 §2.2)', async () => {
    const { status, headers, body } = await push(provider, client);
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 90,
    });
  });

  it('gets the response to its own parameters; those beside request_uri are ignored (RFC 9126 §4, RFC 9101 §5)', async () => {
    const beside = { state: 'forged', scope: 'openid account:write', redirect_uri: 'https://evil.example/' };
    const page = await signInAndAllow(await open(await pushed(), client, beside));
    expect(page.location?.href).toMatch(`${CLIENT_CALLBACK}?`);
    expect(Object.fromEntries(page.location?.searchParams ?? [])).toEqual({
      code: expect.any(String),
      state: 'the-state',
      iss: provider.url,
    });
  });

  it('is stored without unknown parameters, which are ignored (RFC 6749 §3.1)', async () => {
    const requestUri = await pushed(client, { filler: 'x'.repeat(50_000) });
    const [row] = await provider.dataSource.query<{ size: number }[]>(
      'SELECT length(value::text) AS size FROM state_entries WHERE key LIKE $1',
      [`%${requestUri.split(':').at(-1)}`],
    );
    expect(row?.size).toBeLessThan(2000);
  });

  it('may be opened again until its response is sent, so that the sign-in page can be reloaded (RFC 9126 §7.3)', async () => {
    const requestUri = await pushed();
    await open(requestUri);
    const again = await open(requestUri);
    expect((await signInAndAllow(again)).location?.searchParams.has('code')).toBe(true);
  });

  it('is consumed when its response is sent (RFC 9126 §7.3)', async () => {
    const requestUri = await pushed();
    await signInAndAllow(await open(requestUri));
    expectRefused(await open(requestUri));
  });

  it('gets one code only when two of its pages are open (RFC 9126 §7.3)', async () => {
    const requestUri = await pushed();
    const [first, second] = [await open(requestUri), await open(requestUri)];
    expect((await signInAndAllow(first)).location?.searchParams.has('code')).toBe(true);
    expectRefused(await browser.open(second.url));
  });

  it('is consumed by an error response too', async () => {
    const requestUri = await pushed(client, { prompt: 'none' });
    expect((await open(requestUri)).location?.searchParams.get('error')).toBe('login_required');
    expectRefused(await open(requestUri));
  });

  it('cannot be used by another client (RFC 9126 §2.2)', async () => {
    const other = await givenClient(provider);
    const requestUri = await pushed();
    expectRefused(await open(requestUri, other));
    expect((await open(requestUri)).has('#login')).toBe(true);
  });

  it('is not found when it was not pushed, or without its client_id (RFC 9126 §4, RFC 9101 §5)', async () => {
    expectRefused(await open('urn:ietf:params:oauth:request_uri:guess'));
    expectRefused(await browser.open(authorizeUrl(provider, { request_uri: await pushed() })));
  });

  it('can be opened by a form (OpenID Connect Core §3.1.2.1)', async () => {
    const page = await browser.post(`${provider.url}/authorize`, {
      client_id: client.clientId,
      request_uri: await pushed(),
    });
    expect(page.has('#login')).toBe(true);
  });

  it('is checked again when it is opened, because the registration may have changed (RFC 9126 §2.1)', async () => {
    const fickle = await givenClient(provider);
    const requestUri = await pushed(fickle);
    await provider.dataSource.manager.update(Client, { clientId: fickle.clientId }, { scopes: ['openid'] });
    // A replica uses a client that it has read for one second.
    const page = await eventually(
      () => open(requestUri, fickle),
      ({ location }) => location !== undefined,
    );
    expect(page.location?.searchParams.get('error')).toBe('invalid_scope');
  });
});

describe('a push', () => {
  it.each<[string, ClientOptions]>([
    ['a public client', { method: 'none' }],
    ['a client with a secret in a header', { method: 'client_secret_basic' }],
    ['a client with a secret in the body', { method: 'client_secret_post' }],
    ['a client with an assertion', { method: 'private_key_jwt' }],
    ['a client of the profile fapi2 with an assertion', { profile: 'fapi2' }],
  ])('is accepted from %s (RFC 9126 §2)', async (_, options) => {
    expect((await push(provider, await givenClient(provider, options))).status).toBe(201);
  });

  it('is refused when a confidential client does not authenticate (RFC 9126 §2)', async () => {
    const { status, body } = await push(provider, { ...client, authorization: undefined });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['request_uri (RFC 9126 §2.1)', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a redirect_uri that is not registered', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['no redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['a scope for which the client is not registered', { scope: 'contacts:export' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://unknown.example' }, 'invalid_target'],
    ['an invalid request object', { request: 'x' }, 'invalid_request_object'],
    ['the client_id of another client', { client_id: 'frontend' }, 'invalid_request'],
    ['a NUL', { state: 'a\0b' }, 'invalid_request'],
  ])('is refused at once with %s (RFC 9126 §2.3)', async (_, changes, error) => {
    const answer = await push(provider, client, changes);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  it('is refused with a repeated parameter (RFC 6749 §3.1)', async () => {
    const twice: [string, string][] = [
      ['state', 'a'],
      ['state', 'b'],
    ];
    expect((await post(provider, '/par', twice, client.authorization)).body.error).toBe('invalid_request');
  });

  it('is refused as anything but a POST of a form (RFC 9126 §2.1, §2.3)', async () => {
    const headers = { authorization: client.authorization ?? '', 'content-type': 'application/json' };
    const json = await fetch(`${provider.url}/par`, { method: 'POST', headers, body: '{}' });
    expect(json.status).toBe(400);
    const get = await fetch(`${provider.url}/par`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('may contain a request object, which replaces all other parameters (RFC 9126 §3)', async () => {
    const request = await requestObject(provider, client, { state: 'signed' });
    const requestUri = await pushed(client, { request, state: 'unsigned' });
    const page = await signInAndAllow(await open(requestUri));
    expect(page.location?.searchParams.get('state')).toBe('signed');
  });

  it('is refused with the request object of another client (RFC 9126 §3)', async () => {
    const request = await requestObject(provider, await givenClient(provider));
    expect((await push(provider, client, { request })).body.error).toBe('invalid_request_object');
  });

  it('does not store the secret of the client', async () => {
    await push(provider, await givenClient(provider, { method: 'client_secret_post' }));
    const kept: { value: unknown }[] = await provider.dataSource.query('SELECT value FROM state_entries');
    expect(JSON.stringify(kept)).toMatch('code_challenge');
    expect(JSON.stringify(kept)).not.toMatch('client_secret');
  });
});

describe('the rate limit of pushes', () => {
  it('answers public clients at that address with 429 (RFC 9126 §2.3)', async () => {
    const small = await startProvider(await testDatabase(), { PUBLIC_PUSHES_PER_ADDRESS: '2' });
    try {
      const [open, another] = [
        await givenClient(small, { method: 'none' }),
        await givenClient(small, { method: 'none' }),
      ];
      const statuses = await Promise.all(
        [open, another, open, another].map(async (each) => (await push(small, each)).status),
      );
      expect(statuses.sort()).toEqual([201, 201, 429, 429]);
      const { status, headers, body } = await push(small, open);
      expect([status, body.error]).toEqual([429, 'slow_down']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await push(small, await givenClient(small))).status).toBe(201);
    } finally {
      await small.stop();
    }
  });
});

describe('a client that must push its requests', () => {
  it.each<[string, ClientOptions]>([
    ['of the profile fapi2 (FAPI 2.0 §5.3.2.2)', { profile: 'fapi2' }],
    ['with require_pushed_authorization_requests (RFC 9126 §6)', { requirePushedAuthorizationRequests: true }],
  ])('%s is refused at /authorize', async (_, options) => {
    const strict = await givenClient(provider, options);
    const request = await requestObject(provider, strict);
    for (const beside of [{}, { request }]) {
      const page = await browser.open(
        authorizeUrl(provider, { client_id: strict.clientId, redirect_uri: CLIENT_CALLBACK, ...beside }),
      );
      expect(page.location?.searchParams.get('error')).toBe('invalid_request');
    }
    expect((await open(await pushed(strict), strict)).has('#login')).toBe(true);
  });
});

describe('a request_uri that has expired', () => {
  it('is refused, but a page that was opened in time can be completed (RFC 9126 §2.2)', async () => {
    const hasty = await startProvider(await testDatabase(), { PAR_LIFETIME: '1' });
    try {
      const quick = await givenClient(hasty);
      const { request_uri } = (await push(hasty, quick)).body as unknown as { request_uri: string };
      const url = authorizeUrl(hasty, { client_id: quick.clientId, request_uri });
      const opened = await browser.open(url);
      expectRefused(
        await eventually(
          () => new Browser().open(url),
          ({ status }) => status === 400,
        ),
      );
      expect((await signInAndAllow(opened)).location?.searchParams.has('code')).toBe(true);
    } finally {
      await hasty.stop();
    }
  });
});

/** Repeats a request until its response is the wanted one. */
async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
  return ask();
}
