import { testDatabase } from '@trefoil/testing';
import { givenAdminToken } from '../../testing/admin-requests.js';
import { ADMINISTRATOR, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const PATH = '/api/admin/signing-keys';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminToken(provider);
});
afterAll(() => provider.stop());

const post = (path: string, body?: unknown) =>
  request(provider, `${PATH}${path}`, {
    method: 'POST',
    token,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const list = async () => (await request(provider, PATH, { token })).body.items;

describe('the signing keys of the admin API', () => {
  it('are listed with their states, without their private parts', async () => {
    const items = await list();
    expect(items.map(({ alg, state }: { alg: string; state: string }) => [alg, state]).sort()).toEqual(
      ['ES256', 'EdDSA', 'PS256', 'RS256'].sort().map((alg) => [alg, 'signing']),
    );
    const members = items.flatMap((item: object) => Object.keys(item));
    expect(members).not.toContainEqual(expect.stringMatching(/^(d|p|q|dp|dq|qi|k|.*(encrypted|private).*)$/i));
  });

  it('of one algorithm are rotated, and a second rotation returns the key that waits', async () => {
    const { status, body } = await post('/rotate', { alg: 'EdDSA' });
    expect([status, body.items]).toMatchObject([200, [{ alg: 'EdDSA', state: 'waiting', retires_at: null }]]);
    expect((await post('/rotate', { alg: 'EdDSA' })).body.items[0].kid).toBe(body.items[0].kid);
    const [event] = await provider.dataSource.query<unknown[]>(
      `SELECT actor, details FROM security_events WHERE type = 'signing-key-created' ORDER BY id DESC LIMIT 1`,
    );
    expect(event).toEqual({ actor: ADMINISTRATOR, details: { kid: body.items[0].kid, algorithm: 'EdDSA' } });
  });

  it('of every algorithm are rotated by a request without a body', async () => {
    expect((await post('/rotate')).body.items).toHaveLength(4);
  });

  it.each<[object, string]>([
    [{ alg: 'HS256' }, 'alg'],
    [{ immediately: 'yes' }, 'immediately'],
    [{ all: true }, 'all'],
  ])('are not rotated by %j, and the problem names the field (RFC 9457)', async (body, field) => {
    const answer = await post('/rotate', body);
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field }]]);
  });

  it('are retired only after another key signs', async () => {
    const old = (await list()).find(
      ({ alg, state }: { alg: string; state: string }) => alg === 'PS256' && state === 'signing',
    );
    const refused = await post(`/${old.kid}/retire`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('still signs')]);
    await provider.dataSource.query(
      `UPDATE signing_keys SET signs_from = now() - interval '1 day', signs_until = now() - interval '1 second' WHERE kid = $1`,
      [old.kid],
    );
    expect((await post(`/${old.kid}/retire`)).status).toBe(204);
    expect((await list()).map(({ kid }: { kid: string }) => kid)).not.toContain(old.kid);
    expect((await post(`/${old.kid}/retire`)).status).toBe(404);
  });
});
