import { Browser, testDatabase } from '@trefoil/testing';
import { givenDevice, type GivenDevice, openDevice, pollDevice } from '../testing/device-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, payloadOf, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  // Another client that has the grant too.
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
  it('is worth tokens of the person who allowed it (RFC 8628 §3.5)', async () => {
    const { status, headers, body } = await poll(await allowedDevice());
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid email account:read' });
    expect(payloadOf(body.access_token)).toMatchObject({ client_id: 'demo-cli', aud: `${provider.url}/api` });
    expect(payloadOf(body.id_token)).toMatchObject({ aud: 'demo-cli', amr: ['pwd'] });
    expect(payloadOf(body.id_token).sub).toBe(payloadOf(body.access_token).sub);
  });

  it('is worth a refresh token too, which can be used', async () => {
    const { body } = await poll(await allowedDevice());
    const refreshed = await post(provider, '/token', {
      grant_type: 'refresh_token',
      client_id: 'demo-cli',
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  it('waits for the person: authorization_pending (RFC 8628 §3.5)', async () => {
    const { status, body } = await poll(await givenDevice(provider));
    expect([status, body.error]).toEqual([400, 'authorization_pending']);
  });

  it('that is asked for too often has to wait 5 seconds more: slow_down (RFC 8628 §3.5)', async () => {
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

  it('may be asked for as soon as the person has answered', async () => {
    const device = await givenDevice(provider);
    await poll(device);
    await (await openDevice(new Browser(), device)).submit('#allow');
    expect((await poll(device)).status).toBe(200);
  });

  it('is worth nothing when the person said no: access_denied (RFC 8628 §3.5)', async () => {
    const device = await givenDevice(provider);
    await (await openDevice(new Browser(), device)).submit('#deny');
    const { status, body } = await poll(device);
    expect([status, body.error]).toEqual([400, 'access_denied']);
  });

  it.each([
    ['before an answer', () => givenDevice(provider)],
    ['after it', () => allowedDevice()],
  ])('expires, %s: expired_token (RFC 8628 §3.5)', async (_, given) => {
    const device = await given();
    await change(`expires_at = now() - interval '1 second'`);
    expect(await errorOf(device)).toBe('expired_token');
  });

  it('is redeemed once, however many ask at the same time (RFC 8628 §3.5)', async () => {
    const device = await allowedDevice();
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(device)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.error))).toEqual(new Set([undefined, 'invalid_grant']));
    expect(await errorOf(device)).toBe('invalid_grant');
  });

  it('is refused from another client, and stays good for its own (RFC 8628 §3.4)', async () => {
    const device = await allowedDevice();
    expect((await poll(device, { client_id: 'api-docs' })).body.error).toBe('invalid_grant');
    expect((await poll(device)).status).toBe(200);
  });

  it('is of no use to a client that is not registered for the grant (RFC 6749 §5.2)', async () => {
    const { device_code } = await allowedDevice();
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code };
    expect((await post(provider, '/token', form, FRONTEND)).body.error).toBe('unauthorized_client');
  });

  it('must be there and be known (RFC 6749 §5.2)', async () => {
    expect((await poll({ device_code: 'made-up' })).body.error).toBe('invalid_grant');
    expect((await poll({ device_code: '' })).body.error).toBe('invalid_request');
  });

  it('ends with the sign-in in which it was allowed, unless offline_access was', async () => {
    const [ending, staying] = [await allowedDevice(), await allowedDevice({ scope: 'openid offline_access' })];
    await provider.dataSource.query('UPDATE sessions SET ended_at = now()');
    expect(await errorOf(ending)).toBe('invalid_grant');
    expect((await poll(staying)).status).toBe(200);
  });
});
