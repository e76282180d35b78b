import { type Answer, Browser, LoopbackServer, type Received, testDatabase } from '@trefoil/testing';
import { LARGEST_API_RESPONSE, MOST_OPEN_API_RESPONSES } from '@trefoil/web-server';
import { Readable } from 'node:stream';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { later } from '../testing/later.js';

/** An API that answers with the request that it received. */
class EchoApi extends LoopbackServer {
  /** Replaces the answer of an accepted request. */
  usual: ((request: Received) => Answer) | undefined;
  readonly received: Received[] = [];

  protected answer(request: Received): Answer {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (frontend.issuer.subjectOf(token, this.url) === undefined) return [401];
    this.received.push(request);
    return this.usual?.(request) ?? [200, { body: request.body }];
  }
}

const invoices = new EchoApi();
let frontend: FrontendUnderTest;
let browser: Browser;

beforeAll(async () => {
  await invoices.start();
  const scopes = ['invoices:read', 'invoices:write'];
  const apis = [{ name: 'invoices', resource: invoices.url, scopes, browserPaths: ['/v1/invoices'] }];
  frontend = await FrontendUnderTest.start(await testDatabase(), { APIS: JSON.stringify(apis) });
  browser = await signedIn();
});
afterAll(() => Promise.all([frontend.stop(), invoices.stop()]));
beforeEach(() => {
  invoices.usual = undefined;
  invoices.received.length = 0;
  frontend.issuer.requests.length = 0;
});

async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  await browser.open(`${frontend.url}/login`);
  return browser;
}

/** Sends a request as a script of this site does. A header that is undefined is left out. */
async function call(
  path: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string | undefined> } = {},
) {
  const usual = { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin', Origin: frontend.url };
  const cookie = await browser.cookies.getCookieString(frontend.url);
  const headers = Object.entries({ ...usual, Cookie: cookie, ...init.headers });
  return fetch(`${frontend.url}${path}`, {
    redirect: 'manual',
    ...init,
    headers: headers.filter((header): header is [string, string] => header[1] !== undefined),
  });
}

const INVOICES = '/bff/api/invoices/v1/invoices';
const json = { 'Content-Type': 'application/json' };
const last = () => invoices.received.at(-1);

describe('a sign-in', () => {
  it('asks for the scopes and the resource servers of all APIs (RFC 8707 §2.1)', () => {
    const request = frontend.issuer.authorizations.at(-1);
    expect(request?.get('scope')).toBe(
      'openid profile email account:read contacts:read contacts:write invoices:read invoices:write',
    );
    expect(request?.getAll('resource')).toEqual([frontend.backend.url, invoices.url]);
  });
});

describe('the user of a session', () => {
  it('is told with the time until the session ends and the sign-out, and without any token', async () => {
    const answer = await call('/bff/user');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.json()).toEqual({
      claims: { sub: 'alice', name: 'Alice Example' },
      sessionExpiresIn: expect.any(Number),
      signOutUrl: '/logout',
      formToken: expect.any(String),
    });
  });

  it('can be asked for without keeping the session alive', async () => {
    const before = (await (await call('/bff/user')).json()) as { sessionExpiresIn: number };
    await later(3600, () => call('/bff/user'));
    const after = await later(3600, async () => (await call('/bff/user')).json());
    expect(after.sessionExpiresIn).toBeLessThanOrEqual(before.sessionExpiresIn - 3600);
  });

  it.each(['/bff/user', INVOICES, '/bff/api/backend/v1/contacts'])(
    'at %s is 401 with the address of the sign-in when nobody is signed in, never a redirect',
    async (path) => {
      const answer = await call(path, { headers: { Cookie: undefined, Accept: 'text/html' } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json; charset=utf-8',
      ]);
      expect(await answer.json()).toMatchObject({ status: 401, signInUrl: '/login' });
    },
  );
});

describe('a request that may come from another site', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['has no X-CSRF header', { 'X-CSRF': undefined }],
    ['has another value in it', { 'X-CSRF': 'true' }],
    ['is cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['comes from another subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['is a navigation', { 'Sec-Fetch-Site': 'none' }],
    ['has another origin', { 'Sec-Fetch-Site': undefined, Origin: 'https://evil.example' }],
    ['has no origin that it may name', { 'Sec-Fetch-Site': undefined, Origin: 'null' }],
  ])('is refused when it %s, also when it only reads (RFC 10017 §6.1.3.3)', async (_, headers) => {
    for (const [method, path] of [
      ['GET', '/bff/user'],
      ['GET', INVOICES],
      ['POST', INVOICES],
    ] as const) {
      expect([method, path, (await call(path, { method, headers })).status]).toEqual([method, path, 403]);
    }
    expect((await call(INVOICES, { headers: { ...headers, Cookie: undefined } })).status).toBe(403);
    expect(invoices.received).toEqual([]);
  });

  it('gets no permission from a preflight', async () => {
    const headers = { 'X-CSRF': undefined, 'Access-Control-Request-Headers': 'x-csrf', Origin: 'https://evil.example' };
    const answer = await call(INVOICES, { method: 'OPTIONS', headers });
    expect([answer.ok, answer.headers.get('access-control-allow-origin')]).toEqual([false, null]);
  });
});

describe('the proxy', () => {
  it('adds a token for this API alone, requested when it is first needed', async () => {
    browser = await signedIn();
    expect(frontend.issuer.count('POST /token')).toBe(1);
    expect((await call(INVOICES)).status).toBe(200);
    expect((await call('/bff/api/backend/v1/contacts')).status).toBe(200);
    expect((await call(INVOICES)).status).toBe(200);
    expect(frontend.issuer.count('POST /token')).toBe(2);
  });

  it('stores the tokens of all APIs encrypted', async () => {
    await call(INVOICES);
    const token = last()?.headers.authorization?.replace('Bearer ', '') ?? '';
    expect(token).not.toBe('');
    expect(await frontend.databaseText()).not.toContain(token);
  });

  it('requests one token at a time when two APIs are called at once', async () => {
    browser = await signedIn();
    let running = 0;
    let most = 0;
    frontend.issuer.tokenAnswer = async (usual) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return usual();
    };
    frontend.issuer.revokeAccessTokens();
    const answers = await Promise.all([INVOICES, '/bff/api/backend/v1/contacts', INVOICES].map((path) => call(path)));
    frontend.issuer.tokenAnswer = undefined;
    expect([most, ...answers.map(({ status }) => status)]).toEqual([1, 200, 200, 200]);
  });

  it('passes on method, path, query and body, and the headers that an API needs', async () => {
    const body = JSON.stringify({ amount: 5 });
    const headers = { ...json, 'Idempotency-Key': 'k1', 'If-Match': '"1"', Accept: 'application/json' };
    const answer = await call(`${INVOICES}/7?dry=run`, { method: 'PATCH', body, headers });
    expect(await answer.json()).toEqual({ body });
    expect(last()).toMatchObject({
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1', 'if-match': '"1"' },
    });
    expect(`${last()?.url.pathname}${last()?.url.search}`).toBe('/v1/invoices/7?dry=run');
  });

  it('passes on no cookie, no token and no hop-by-hop header of the browser (RFC 9110 §7.6.1)', async () => {
    await call(INVOICES, {
      headers: { Authorization: 'Bearer stolen', 'X-Forwarded-For': '10.0.0.1', TE: 'trailers' },
    });
    const { authorization, ...headers } = last()?.headers ?? {};
    expect(authorization).not.toContain('stolen');
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(cookie|te|x-forwarded-for|x-csrf|origin)$/)]),
    );
  });

  it('passes on status, body and headers of the API, but no cookie, challenge or redirect', async () => {
    invoices.usual = () => [
      201,
      { id: 7 },
      {
        Location: `${invoices.url}/v1/invoices/7`,
        ETag: '"1"',
        'Set-Cookie': 'a=b',
        'WWW-Authenticate': 'Bearer',
        'Cache-Control': 'public, max-age=60',
      },
    ];
    const answer = await call(INVOICES, { method: 'POST', body: '{}', headers: json });
    expect([answer.status, await answer.json()]).toEqual([201, { id: 7 }]);
    const of = (name: string) => answer.headers.get(name);
    expect(['location', 'etag', 'cache-control', 'set-cookie', 'www-authenticate'].map(of)).toEqual([
      `${INVOICES}/7`,
      '"1"',
      'no-store',
      null,
      null,
    ]);
    invoices.usual = () => [302, {}, { Location: 'https://evil.example' }];
    expect((await call(INVOICES)).status).toBe(502);
  });

  it.each([204, 304, 403, 422, 503])('passes on a response with the status %i', async (status) => {
    invoices.usual = () => [status, status < 400 ? undefined : { status }];
    expect((await call(INVOICES)).status).toBe(status);
  });

  it.each([
    '/bff/api/invoices/v1/payments',
    '/bff/api/invoices/v1/invoices/%2e%2e/payments',
    '/bff/api/invoices/v1/invoices/..%2fpayments',
    '/bff/api/unknown/v1/invoices',
    '/bff/api/backend/v1/exports/contacts',
  ])('is 404 for %s, which is not in the table of APIs', async (path) => {
    expect((await call(path)).status).toBe(404);
    expect(invoices.received).toEqual([]);
  });

  it('refuses bodies that are not JSON or larger than 64 KiB, and methods that no API has', async () => {
    const send = (method: string, type: string, body?: string) =>
      call(INVOICES, { method, body, headers: { 'Content-Type': type } });
    expect((await send('POST', 'application/x-www-form-urlencoded', 'a=b')).status).toBe(415);
    expect((await send('POST', 'text/plain', 'a=b')).status).toBe(415);
    expect((await send('POST', 'application/json', JSON.stringify('x'.repeat(65 * 1024)))).status).toBe(413);
    expect((await call(INVOICES, { method: 'PROPFIND' })).status).toBeGreaterThanOrEqual(404);
    expect(invoices.received).toEqual([]);
  });

  it('replaces a token that the API refuses once, and is 401 when the new one is refused as well', async () => {
    frontend.issuer.revokeAccessTokens();
    expect((await call(INVOICES)).status).toBe(200);
    frontend.issuer.tokenAnswer = (usual) => {
      const answer = usual();
      frontend.issuer.revokeAccessTokens();
      return answer;
    };
    frontend.issuer.revokeAccessTokens();
    const refused = await call(INVOICES);
    frontend.issuer.tokenAnswer = undefined;
    expect([refused.status, await refused.json()]).toEqual([401, expect.objectContaining({ signInUrl: '/login' })]);
  });

  it('is 403 with the address of the sign-in when the user did not grant access to the API (RFC 8707 §2.2)', async () => {
    browser = await signedIn();
    frontend.issuer.tokenAnswer = () => [400, { error: 'invalid_target' }];
    const answer = await call(INVOICES);
    frontend.issuer.tokenAnswer = undefined;
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ signInUrl: '/login' })]);
    expect((await call('/bff/api/backend/v1/contacts')).status).toBe(200);
  });

  it('is 503 while the API is down, and names it', async () => {
    await call(INVOICES);
    await invoices.stop();
    const answer = await call(INVOICES);
    await invoices.start();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining('The service invoices cannot be reached'),
    });
  });
});

describe('a streamed response', () => {
  const NDJSON = { 'Content-Type': 'application/x-ndjson' };
  const openStream = () => {
    const lines = new Readable({ read: () => undefined });
    lines.push('{"n":1}\n');
    invoices.usual = () => [200, lines, NDJSON];
    return lines;
  };

  it('reaches the script part by part', async () => {
    const lines = openStream();
    const answer = await call(INVOICES);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('{"n":1}\n');
    lines.push('{"n":2}\n');
    lines.push(null);
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('{"n":2}\n');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('is reset when it is larger than the limit', async () => {
    const part = Buffer.alloc(1024 * 1024, ' ');
    const parts = LARGEST_API_RESPONSE / part.length + 1;
    invoices.usual = () => [200, Readable.from(Array.from({ length: parts }, () => part)), NDJSON];
    await expect((await call(INVOICES)).arrayBuffer()).rejects.toThrow('terminated');
  });

  it('ends with the session, and closes the connection to the API', async () => {
    const lines = openStream();
    const closed = new Promise((resolve) => lines.once('close', resolve));
    browser = await signedIn();
    const answer = await call(INVOICES);
    await frontend.forgetSessions();
    await expect(answer.text()).rejects.toThrow('terminated');
    await closed;
    browser = await signedIn();
  });

  it(`is one of ${MOST_OPEN_API_RESPONSES} at most for each session: the next one is 429 with Retry-After (RFC 6585 §4)`, async () => {
    const open: Readable[] = [];
    const answers: Response[] = [];
    for (let count = 0; count < MOST_OPEN_API_RESPONSES; count++) {
      open.push(openStream());
      answers.push(await call(INVOICES));
    }
    const refused = await call(INVOICES);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    for (const lines of open) lines.push(null);
    for (const answer of answers) await answer.text();
  });
});
