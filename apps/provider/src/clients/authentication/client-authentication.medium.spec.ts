import { testDatabase } from '@trefoil/testing';
import { SecurityEvents } from '../../security-events/security-events.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient } from '../../testing/test-clients.js';
import { basic, MARKETING_SYNC, post } from '../../testing/token-requests.js';

const LIMIT = 3;
const WRONG = basic('marketing-sync', 'wrong');

let provider: ProviderUnderTest;
let publicClient: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), {
    CLIENT_FAILURES_PER_ADDRESS: String(LIMIT),
    TRUSTED_PROXIES: '1',
  });
  publicClient = (await givenClient(provider, { tokenEndpointAuthMethod: 'none' })).clientId;
});
afterAll(() => provider.stop());
beforeEach(async () => {
  await provider.app.get(SecurityEvents).recordRepeated();
  await provider.dataSource.query('TRUNCATE security_events');
  await provider.dataSource.query('DELETE FROM rate_limits');
});

/** Sends the same request several times from one address, and returns the statuses of the answers. */
async function repeat(times: number, send: () => Promise<{ status: number }>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) statuses.push((await send()).status);
  return statuses;
}

const recordedFailures = async (): Promise<(string | undefined)[]> => {
  await provider.app.get(SecurityEvents).recordRepeated();
  const rows = await provider.dataSource.query<{ count?: string }[]>(
    `SELECT details->>'count' AS count FROM security_events WHERE outcome = 'failure' ORDER BY id`,
  );
  return rows.map(({ count }) => count ?? undefined);
};

const from = (address: string) => ({ 'x-forwarded-for': address });
const machine = (address: string, authorization = MARKETING_SYNC) =>
  post(provider, '/token', { grant_type: 'client_credentials' }, authorization, from(address));

describe('failed client authentications', () => {
  it('are answered with 429 and Retry-After beyond the limit of a network (RFC 6585 §4)', async () => {
    expect(await repeat(LIMIT + 2, () => machine('203.0.113.1', WRONG))).toEqual([401, 401, 401, 429, 429]);
    const answer = await machine('203.0.113.1', WRONG);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.body.error).toBe('slow_down');
  });

  it('lead to no refusal of correct credentials, neither from another network nor from the same', async () => {
    await repeat(LIMIT + 1, () => machine('203.0.113.2', WRONG));
    expect((await machine('203.0.113.3')).status).toBe(200);
    expect((await machine('203.0.113.2')).status).toBe(200);
  });

  it.each(['/introspect', '/revoke', '/par', '/device_authorization'])('are limited at %s as well', async (path) => {
    const send = () => post(provider, path, { token: 'a' }, WRONG, from('203.0.113.4'));
    expect((await repeat(LIMIT + 1, send)).at(-1)).toBe(429);
  });

  it('leave one event, and one with the number of its repetitions, however many requests there are', async () => {
    await repeat(LIMIT + 20, () => machine('203.0.113.5', WRONG));
    expect(await recordedFailures()).toEqual([undefined, String(LIMIT - 1)]);
  });

  it('with invented client ids leave no more events than the limit allows', async () => {
    let invented = 0;
    await repeat(LIMIT + 20, () => machine('203.0.113.6', basic(`client-${invented++}`, 'secret')));
    expect(await recordedFailures()).toHaveLength(LIMIT);
  });

  it('include wrong registration tokens (RFC 7592 §2)', async () => {
    const register = (path: string, method: string) =>
      request(provider, path, { method, token: 'wrong', headers: from('203.0.113.7') });
    expect(await repeat(2, () => register('/register', 'POST'))).toEqual([401, 401]);
    expect(await repeat(3, () => register('/register/frontend', 'GET'))).toEqual([401, 429, 429]);
    expect(await recordedFailures()).toEqual([undefined, undefined, '1']);
  });
});

describe('refused token requests of public clients', () => {
  const redeem = (address: string) =>
    post(
      provider,
      '/token',
      { grant_type: 'authorization_code', client_id: publicClient, code: 'wrong', code_verifier: 'a'.repeat(43) },
      undefined,
      from(address),
    );

  it('are answered with 429 and Retry-After beyond the limit of a network (RFC 6585 §4)', async () => {
    expect(await repeat(LIMIT + 2, () => redeem('203.0.113.8'))).toEqual([400, 400, 400, 429, 429]);
    expect(Number((await redeem('203.0.113.8')).headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await redeem('203.0.113.9')).status).toBe(400);
  });

  it('leave one event, and one with the number of its repetitions', async () => {
    await repeat(LIMIT + 20, () => redeem('203.0.113.10'));
    expect(await recordedFailures()).toEqual([undefined, String(LIMIT - 1)]);
  });
});
