import { Browser, testDatabase } from '@trefoil/testing';
import { givenDevice, type GivenDevice, openDevice, pollDevice } from '../testing/device-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, payloadOf, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  // A second client that is registered for the grant type.
  await provider.dataSource.query(
    `UPDATE clients SET grant_types = grant_types || '{urn:ietf:params:oauth:grant-type:device_code}'
       WHERE client_id = 'api-docs'`,
  );
});
afterAll(() => provider.stop());

async function allowedDevice(parameters: Record<string, string> = {}): Promise<GivenDevice> {
  const device = await givenDevice(provider, parameters);
  await (await openDevice(new Browser(), device)).submit('#allow');
  return device;
}

const change = (statement: string) => provider.dataSource.query(`UPDATE device_authorizations SET ${statement}`);
const poll = (device: Pick<GivenDevice, 'device_code'>, parameters = {}) => pollDevice(provider, device, parameters);
const errorOf = async (device: GivenDevice) => (await poll(device)).body.error;

describe('a device code', () => {
  it('is exchanged for tokens of the user who allowed it (RFC 8628 §3.5)', async () => {
    const { status, headers, body } = await poll(await allowedDevice());
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid email account:read' });
    expect(payloadOf(body.access_token)).toMatchObject({ client_id: 'demo-cli', aud: `${provider.url}/api` });
    expect(payloadOf(body.id_token)).toMatchObject({ aud: 'demo-cli', amr: ['pwd'] });
    expect(payloadOf(body.id_token).sub).toBe(payloadOf(body.access_token).sub);
  });

  it('is exchanged for a refresh token, which can be used', async () => {
    const { body } = await poll(await allowedDevice());
    const refreshed = await post(provider, '/token', {
      grant_type: 'refresh_token',
      client_id: 'demo-cli',
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  it('is answered authorization_pending until the user decides (RFC 8628 §3.5)', async () => {
    const { status, body } = await poll(await givenDevice(provider));
    expect([status, body.error]).toEqual([400, 'authorization_pending']);
  });

  it('is answered slow_down, which adds 5 seconds to the interval, when it is polled too often (RFC 8628 §3.5)', async () => {
    const device = await givenDevice(provider);
    expect([await errorOf(device), await errorOf(device), await errorOf(device)]).toEqual([
      'authorization_pending',
      'slow_down',
      'slow_down',
    ]);
    await change(`last_polled_at = last_polled_at - interval '14 seconds'`);
    expect(await errorOf(device)).toBe('slow_down');
    await change(`last_polled_at = last_polled_at - interval '20 seconds'`);
    expect(await errorOf(device)).toBe('authorization_pending');
  });

  it('may be polled early once the user has decided', async () => {
    const device = await givenDevice(provider);
    await poll(device);
    await (await openDevice(new Browser(), device)).submit('#allow');
    expect((await poll(device)).status).toBe(200);
  });

  it('is answered access_denied when the user denied the request (RFC 8628 §3.5)', async () => {
    const device = await givenDevice(provider);
    await (await openDevice(new Browser(), device)).submit('#deny');
    const { status, body } = await poll(device);
    expect([status, body.error]).toEqual([400, 'access_denied']);
  });

  it.each([
    ['before the decision', () => givenDevice(provider)],
    ['after it', () => allowedDevice()],
  ])('is answered expired_token when it expires %s (RFC 8628 §3.5)', async (_, given) => {
    const device = await given();
    await change(`expires_at = now() - interval '1 second'`);
    expect(await errorOf(device)).toBe('expired_token');
  });

  it('is redeemed once when 8 requests use it at once (RFC 8628 §3.5)', async () => {
    const device = await allowedDevice();
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(device)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.error))).toEqual(new Set([undefined, 'invalid_grant']));
    expect(await errorOf(device)).toBe('invalid_grant');
  });

  it('is refused from another client, and can still be redeemed by its own (RFC 8628 §3.4)', async () => {
    const device = await allowedDevice();
    expect((await poll(device, { client_id: 'api-docs' })).body.error).toBe('invalid_grant');
    expect((await poll(device)).status).toBe(200);
  });

  it('is refused when the client is not registered for the grant type (RFC 6749 §5.2)', async () => {
    const { device_code } = await allowedDevice();
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code };
    expect((await post(provider, '/token', form, FRONTEND)).body.error).toBe('unauthorized_client');
  });

  it('is refused when it is missing or unknown (RFC 6749 §5.2)', async () => {
    expect((await poll({ device_code: 'made-up' })).body.error).toBe('invalid_grant');
    expect((await poll({ device_code: '' })).body.error).toBe('invalid_request');
  });

  it('is refused after the session of the user has ended, unless offline_access was granted', async () => {
    const [ending, staying] = [await allowedDevice(), await allowedDevice({ scope: 'openid offline_access' })];
    await provider.dataSource.query('UPDATE sessions SET ended_at = now()');
    expect(await errorOf(ending)).toBe('invalid_grant');
    expect((await poll(staying)).status).toBe(200);
  });
});
