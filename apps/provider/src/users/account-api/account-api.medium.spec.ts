import { Account, DirectoryEntry } from '@trefoil/dto';
import { testDatabase } from '@trefoil/testing';
import { givenAccountTokens, givenDirectoryToken, request } from '../../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { BACKEND, FRONTEND, givenGrant, MARKETING_SYNC, post } from '../../testing/token-requests.js';
import { User } from '../user.entity.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const BOB = 'b0b00000-0000-4000-8000-000000000002';

let provider: ProviderUnderTest;
let aliceToken: string;
let bobToken: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  aliceToken = (await givenAccountTokens(provider)).accessToken;
  bobToken = (await givenAccountTokens(provider, undefined, { userId: BOB })).accessToken;
});
afterAll(() => provider.stop());

const read = (token?: string) => request(provider, '/api/account', { token });

const change = (patch: unknown, token = bobToken, headers: Record<string, string> = {}) =>
  request(provider, '/api/account', {
    method: 'PATCH',
    token,
    body: JSON.stringify(patch),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('GET /api/account', () => {
  it('returns the account of the user', async () => {
    const { status, headers, body } = await read(aliceToken);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
    expect(Account.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      sub: ALICE,
      email: 'alice@example.com',
      email_verified: true,
      name: 'Alice Marie Appleton',
      address: { locality: 'Berlin' },
    });
  });

  it('is open to a server that acts for the user (RFC 8693 §4.1)', async () => {
    const { redemption } = await givenGrant(provider, {
      resources: [DEMO.backend],
      scopes: ['openid', 'account:read', 'contacts:read'],
    });
    const { body: tokens } = await post(provider, '/token', redemption, FRONTEND);
    const exchange = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: tokens.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: `${provider.url}/api`,
      scope: 'account:read',
    };
    const { body: exchanged } = await post(provider, '/token', exchange, BACKEND);
    expect((await read(exchanged.access_token)).body).toMatchObject({ sub: ALICE });
    expect((await change({ name: 'Mallory' }, exchanged.access_token)).status).toBe(403);
    // The token that was exchanged is for the backend only (RFC 8707 §2).
    expect((await read(tokens.access_token)).status).toBe(401);
  });

  it('refuses a request without a token (RFC 6750 §3)', async () => {
    const { status, headers, body } = await read();
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="account".*, DPoP realm="account".*, algs="/);
    expect(headers.get('www-authenticate')).not.toContain('error=');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  it('refuses a token without the scope and names it (RFC 6750 §3.1)', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid']);
    const { status, headers } = await read(accessToken);
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toMatch(/error="insufficient_scope"/);
    expect(headers.get('www-authenticate')).toMatch(/scope="account:read"/);
  });

  it('refuses a machine client', async () => {
    expect((await read(await givenDirectoryToken(provider, BACKEND))).status).toBe(403);
  });

  it('refuses a token that was revoked (RFC 6750 §3.1)', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    await post(provider, '/revoke', { token: accessToken }, FRONTEND);
    const { status, headers } = await read(accessToken);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
  });
});

describe('PATCH /api/account', () => {
  it('sets the given members, removes those that are null and keeps the rest (RFC 7396)', async () => {
    await change({ nickname: 'Bobby', gender: 'male' });
    const { status, body } = await change({
      nickname: null,
      address: { locality: 'Bath' },
      website: 'https://bob.example',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      sub: BOB,
      name: 'Bob Baker',
      gender: 'male',
      address: { locality: 'Bath' },
      website: 'https://bob.example',
    });
    expect(body).not.toHaveProperty('nickname');
    expect((await read(bobToken)).body).toEqual(body);
    await change({ gender: null, address: null, website: null });
  });

  it('loses no change when changes arrive in parallel', async () => {
    const names = ['given_name', 'middle_name', 'family_name', 'nickname', 'gender', 'zoneinfo'];
    const answers = await Promise.all(names.map((name) => change({ [name]: `new ${name}` })));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const expected = Object.fromEntries(names.map((name) => [name, `new ${name}`]));
    expect((await read(bobToken)).body).toMatchObject(expected);
  });

  it('moves updated_at, and only when something changed (OpenID Connect Core §5.1)', async () => {
    await provider.dataSource.query(`UPDATE users SET updated_at = '2026-01-01' WHERE id = $1`, [BOB]);
    const { updated_at } = (await change({})).body;
    expect(updated_at).toBe(Date.parse('2026-01-01T00:00:00Z') / 1000);
    const { name } = (await read(bobToken)).body;
    expect((await change({ name })).body.updated_at).toBe(updated_at);
    expect((await change({ name: `${name} the Second` })).body.updated_at).toBeGreaterThan(updated_at);
    await change({ name });
  });

  it('refuses a change when the account has changed since it was read (RFC 9110 §13.1.1)', async () => {
    const etag = (await read(bobToken)).headers.get('etag') ?? '';
    const first = await change({ nickname: 'first' }, bobToken, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect((await change({ nickname: 'second' }, bobToken, { 'if-match': etag })).status).toBe(412);
    expect((await read(bobToken)).body.nickname).toBe('first');
    const newTag = first.headers.get('etag') ?? '';
    expect((await change({ nickname: 'third' }, bobToken, { 'if-match': `"other", ${newTag}` })).status).toBe(200);
    expect((await change({ nickname: 'fourth' }, bobToken, { 'if-match': '*' })).status).toBe(200);
  });

  it('names every field that is invalid, and changes nothing (RFC 9457)', async () => {
    const before = (await read(bobToken)).body;
    const patch = { nickname: 'new', birthdate: '1985-02-30', address: { street: 'x' }, email: 'mallory@example.com' };
    const { status, headers, body } = await change(patch);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'address.street',
      'birthdate',
      'email',
    ]);
    expect((await read(bobToken)).body).toEqual(before);
  });

  it('is refused when If-Match is malformed, and the error names the header (RFC 9110 §13.1.1)', async () => {
    const before = (await read(bobToken)).body;
    const { status, body } = await change({ nickname: 'new' }, bobToken, { 'if-match': 'unquoted' });
    expect([status, body.errors[0].field]).toEqual([400, 'If-Match']);
    expect((await read(bobToken)).body).toEqual(before);
  });

  it.each<[string, unknown]>([
    ['an unknown field', { administrator: true }],
    ['a NUL character', { name: 'a\u0000b' }],
    ['half a surrogate pair', { name: '\uD800' }],
    ['a script for a picture', { picture: 'javascript:alert(1)' }],
    ['a list', ['name']],
    ['a string', 'name'],
    ['null', null],
  ])('refuses %s', async (_, patch) => {
    const { status, body } = await change(patch);
    expect([status, body.errors.length]).toEqual([400, 1]);
  });

  it('refuses a body that is not JSON', async () => {
    const send = (type: string, body: string) =>
      request(provider, '/api/account', { method: 'PATCH', token: bobToken, body, headers: { 'content-type': type } });
    expect((await send('application/json', '{"name":')).status).toBe(400);
    expect((await send('application/x-www-form-urlencoded', 'name=Bob')).status).toBe(415);
    expect((await send('text/plain', '{"name":"Bob"}')).status).toBe(415);
    expect((await send('application/xml', '<name/>')).status).toBe(415);
    expect((await send('application/jsonp', '{}')).status).toBe(415);
    expect((await send('application/json', JSON.stringify({ name: 'x'.repeat(70_000) }))).status).toBe(413);
  });

  it('refuses a token that may only read (RFC 6750 §3.1)', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid', 'account:read']);
    const { status, headers } = await change({ name: 'x' }, accessToken);
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toMatch(/scope="account:write"/);
  });
});

describe('GET /api/users/:id', () => {
  const lookUp = async (id: string, token?: string) => request(provider, `/api/users/${id}`, { token });

  it('returns the name and e-mail address of a user', async () => {
    const { status, body } = await lookUp(ALICE, await givenDirectoryToken(provider, BACKEND));
    expect(status).toBe(200);
    expect(DirectoryEntry.parse(body)).toEqual(body);
    expect(body).toEqual({ sub: ALICE, name: 'Alice Marie Appleton', email: 'alice@example.com' });
  });

  it('uses the e-mail address as the name of a user without one', async () => {
    await provider.dataSource.manager.update(User, { id: BOB }, { claims: {} });
    const { body } = await lookUp(BOB, await givenDirectoryToken(provider, BACKEND));
    expect(body).toEqual({ sub: BOB, name: 'bob@example.com', email: 'bob@example.com' });
  });

  it.each(['c0ffee00-0000-4000-8000-000000000009', 'alice', '1%00', 'x'.repeat(400), "'--"])(
    'answers 404 for %s',
    async (id) => {
      expect((await lookUp(id, await givenDirectoryToken(provider, BACKEND))).status).toBe(404);
    },
  );

  it('answers 404 for a disabled user', async () => {
    await provider.dataSource.manager.update(User, { id: BOB }, { disabledAt: new Date() });
    const { status } = await lookUp(BOB, await givenDirectoryToken(provider, BACKEND));
    await provider.dataSource.manager.update(User, { id: BOB }, { disabledAt: null });
    expect(status).toBe(404);
  });

  it('refuses users, and machine clients without the scope (RFC 6750 §3.1)', async () => {
    expect((await lookUp(ALICE)).status).toBe(401);
    expect((await lookUp(ALICE, aliceToken)).status).toBe(403);
    const { body } = await post(provider, '/token', { grant_type: 'client_credentials' }, MARKETING_SYNC);
    expect((await lookUp(ALICE, body.access_token)).status).toBe(401);
  });
});
