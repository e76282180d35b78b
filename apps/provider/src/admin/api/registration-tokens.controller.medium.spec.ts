import { sha256 } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { givenAdminToken } from '../../testing/admin-requests.js';
import { ADMINISTRATOR, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, sharedWith, startProvider } from '../../testing/provider-under-test.js';

const PATH = '/api/admin/registration-tokens';
const ID = '0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminToken(provider);
});
afterAll(() => provider.stop());

const send = (method: string, path: string, body?: unknown, at = provider) =>
  request(at, path, {
    method,
    token,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const create = async (body: object = {}) => (await send('POST', PATH, body)).body;

/** Registers a client with a token. Returns the status and the security profile of the client. */
async function register(registrationToken: string, metadata: object = {}) {
  const { status, body } = await request(provider, '/register', {
    method: 'POST',
    token: registrationToken,
    body: JSON.stringify({ redirect_uris: ['https://app.example/callback'], ...metadata }),
    headers: { 'content-type': 'application/json' },
  });
  return [status, body.security_profile ?? body.error];
}

describe('the registration tokens of the admin API', () => {
  it('are shown once, and only their hash is stored', async () => {
    const answer = await send('POST', PATH, { description: 'Shop team' });
    expect(answer.status).toBe(201);
    const { token: value, ...shown } = answer.body;
    expect(shown).toEqual({
      id: expect.any(String),
      description: 'Shop team',
      default_profile: 'oauth2.1',
      allowed_profiles: ['oauth2.1'],
      expires_at: null,
      revoked_at: null,
      created_at: expect.any(String),
    });
    const read = await send('GET', answer.headers.get('location') ?? '');
    expect(read.body).toEqual(shown);
    expect((await send('GET', `${PATH}?limit=100`)).body.items).toContainEqual(shown);
    const [row] = await provider.dataSource.query<Record<string, unknown>[]>(
      'SELECT * FROM initial_access_tokens WHERE id = $1',
      [shown.id],
    );
    expect(row?.token_hash).toEqual(sha256(value));
    expect(JSON.stringify(row)).not.toContain(value);
  });

  it('register clients with the profiles that they allow (RFC 7591 §1.2)', async () => {
    const { token: value } = await create({ default_profile: 'oidc', allowed_profiles: ['oidc', 'oauth2.1'] });
    expect(await register(value)).toEqual([201, 'oidc']);
    expect(await register(value, { security_profile: 'oauth2.1' })).toEqual([201, 'oauth2.1']);
    expect(await register(value, { security_profile: 'fapi2' })).toEqual([400, 'invalid_client_metadata']);
  });

  it('register no client after they were revoked, and clients that they registered stay', async () => {
    const { id, token: value } = await create();
    const registered = await request(provider, '/register', {
      method: 'POST',
      token: value,
      body: JSON.stringify({ redirect_uris: ['https://app.example/callback'] }),
      headers: { 'content-type': 'application/json' },
    });
    expect((await send('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await register(value))[0]).toBe(401);
    expect((await send('GET', `${PATH}/${id}`)).body.revoked_at).toEqual(expect.any(String));
    const { client_id, registration_access_token } = registered.body;
    const own = await request(provider, `/register/${client_id}`, { token: registration_access_token });
    expect(own.status).toBe(200);
    // Revoking it again changes nothing.
    expect((await send('DELETE', `${PATH}/${id}`)).status).toBe(204);
  });

  it('register no client after they have expired', async () => {
    const { id, token: value } = await create({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await register(value))[0]).toBe(201);
    await provider.dataSource.query('UPDATE initial_access_tokens SET expires_at = now() WHERE id = $1', [id]);
    expect((await register(value))[0]).toBe(401);
  });

  it('can be taken over from another system with their id and value', async () => {
    const value = 'a-token-of-another-system';
    expect(await create({ id: ID, token: value })).toMatchObject({ id: ID, token: value });
    expect((await register(value))[0]).toBe(201);
    const again = await send('POST', PATH, { id: ID });
    expect([again.status, again.body.errors]).toMatchObject([409, [{ field: 'id' }]]);
    const sameValue = await send('POST', PATH, { token: value });
    expect([sameValue.status, sameValue.body.errors]).toMatchObject([409, [{ field: 'token' }]]);
    expect(JSON.stringify([again.body, sameValue.body])).not.toContain(value);
  });

  it.each<[string, object, string]>([
    ['a short token', { token: 'short' }, 'token'],
    ['a token that no header can carry (RFC 6750 §2.1)', { token: `${'long '.repeat(10)}` }, 'token'],
    ['an id that is not a UUID', { id: '1' }, 'id'],
    ['an unknown profile', { default_profile: 'fapi3' }, 'default_profile'],
    ['a default profile that is not allowed', { allowed_profiles: ['fapi2'] }, 'allowed_profiles'],
    ['a time that has passed', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['a NUL character', { description: 'a\0b' }, 'description'],
    ['a member that does not exist', { color: 'red' }, 'color'],
  ])('are refused with the name of the field for %s (RFC 9457)', async (_, body, field) => {
    const answer = await send('POST', PATH, body);
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field }]]);
  });

  it('are refused in production when they are those of the demo', async () => {
    const production = await startProvider(provider.config.DATABASE_URL, {
      ...sharedWith(provider),
      NODE_ENV: 'production',
      PLAIN_HTTP_ORIGINS: provider.url,
    });
    const refused = await send('POST', PATH, { token: 'demo-initial-access-token' }, production);
    await production.stop();
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ field: 'token' }]]);
  });

  it('are found by their id only', async () => {
    for (const id of [ID.replaceAll('0', 'f'), 'no-uuid']) {
      expect((await send('GET', `${PATH}/${id}`)).status).toBe(404);
      expect((await send('DELETE', `${PATH}/${id}`)).status).toBe(404);
    }
  });

  it('record their creation and their revocation, without the token', async () => {
    const { id, token: value } = await create();
    await send('DELETE', `${PATH}/${id}`);
    const events = await provider.dataSource.query(
      `SELECT type, actor, details FROM security_events WHERE details ->> 'registrationTokenId' = $1 ORDER BY id`,
      [id],
    );
    const recorded = { actor: ADMINISTRATOR, details: { registrationTokenId: id } };
    expect(events).toEqual([
      { type: 'registration-token-created', ...recorded },
      { type: 'registration-token-revoked', ...recorded },
    ]);
    expect(JSON.stringify(events)).not.toContain(value);
  });
});
