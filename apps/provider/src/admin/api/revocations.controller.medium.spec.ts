import { testDatabase } from '@trefoil/testing';
import { givenAdminMachineToken } from '../../testing/admin-requests.js';
import { givenAccountTokens, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { payloadOf } from '../../testing/token-requests.js';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminMachineToken(provider);
});
afterAll(() => provider.stop());

const revoke = (body: unknown) =>
  request(provider, '/api/admin/revocations', {
    method: 'POST',
    token,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const opens = async (accessToken: string) =>
  (await request(provider, '/userinfo', { token: accessToken })).status === 200;

describe('a revocation of the admin API', () => {
  it.each<[string, (tokens: Awaited<ReturnType<typeof givenAccountTokens>>) => object, object]>([
    ['a user by e-mail address', () => ({ user: 'Alice@example.com' }), { email: 'alice@example.com' }],
    ['a user by id', ({ grant }) => ({ user: grant.userId }), { email: 'alice@example.com' }],
    ['a client', () => ({ client: 'frontend' }), { client_id: 'frontend', ended: { sessions: 0 } }],
    ['a session', ({ grant }) => ({ session: grant.sessionId }), { ended: { sessions: 1, grants: 1 } }],
    ['a grant', ({ grant }) => ({ grant: grant.id }), { ended: { sessions: 0, grants: 1 }, client_id: 'frontend' }],
    [
      'a refresh token, which ends its grant',
      ({ refreshToken }) => ({ token: refreshToken }),
      { ended: { grants: 1 } },
    ],
    ['an access token', ({ accessToken }) => ({ token: accessToken }), { client_id: 'frontend' }],
    ['an access token by its jti', ({ accessToken }) => ({ token: payloadOf(accessToken).jti }), {}],
  ])('ends the tokens of %s', async (_, named, answered) => {
    const given = await givenAccountTokens(provider);
    expect(await opens(given.accessToken)).toBe(true);
    const { status, body } = await revoke(named(given));
    expect([status, body]).toMatchObject([200, answered]);
    expect(await opens(given.accessToken)).toBe(false);
    expect(JSON.stringify(body)).not.toContain(given.refreshToken);
  });

  it('records who requested it', async () => {
    const { grant } = await givenAccountTokens(provider);
    await revoke({ grant: grant.id });
    const events = await provider.dataSource.query(
      `SELECT type, actor FROM security_events WHERE grant_id = $1 AND type = 'grant-revoked'`,
      [grant.id],
    );
    expect(events).toEqual([{ type: 'grant-revoked', actor: 'client marketing-sync' }]);
  });

  it.each<[object, number, string | undefined]>([
    [{}, 400, 'body'],
    [{ user: 'alice@example.com', client: 'frontend' }, 400, 'body'],
    [{ everybody: true }, 400, 'everybody'],
    [{ grant: '7' }, 400, 'grant'],
    [{ session: '7' }, 400, 'session'],
    [{ token: '' }, 400, 'token'],
    [{ user: 'nobody@example.com' }, 404, undefined],
    [{ client: 'no\0body' }, 404, undefined],
    [{ grant: 'ffffffff-ffff-4fff-8fff-ffffffffffff' }, 404, undefined],
    [{ session: 'ffffffff-ffff-4fff-8fff-ffffffffffff' }, 404, undefined],
    [{ token: 'not.a.token' }, 404, undefined],
  ])('is refused for %j, and the problem names the field (RFC 9457)', async (body, status, field) => {
    const answer = await revoke(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.body.errors?.[0].field).toBe(field);
  });
});
