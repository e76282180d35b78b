import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { givenDevice, requestDevice } from '../testing/device-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient } from '../testing/test-clients.js';
import { FRONTEND, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('the device authorization endpoint', () => {
  it('answers with the codes, the verification URI and the polling interval (RFC 8628 §3.2)', async () => {
    const { status, headers, body } = await requestDevice(provider);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${provider.url}/device`,
      verification_uri_complete: `${provider.url}/device?user_code=${String(body.user_code)}`,
      expires_in: 600,
      interval: 5,
    });
  });

  it('stores only the hash of the device code (RFC 8628 §5.2)', async () => {
    const { device_code } = await givenDevice(provider);
    const rows = await provider.dataSource.query<object[]>('SELECT * FROM device_authorizations');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(device_code);
  });

  it.each([
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['only an unknown scope', { scope: 'contacts:paint' }, 'invalid_scope'],
    ['a scope of another client', { scope: 'contacts:read' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['a resource closed to the client', { resource: 'http://localhost:3002' }, 'invalid_target'],
  ])('refuses %s as the authorization endpoint does (RFC 8628 §3.1, RFC 8707 §2)', async (_, parameters, error) => {
    const { status, body } = await requestDevice(provider, parameters);
    expect([status, body.error]).toEqual([400, error]);
  });

  it('refuses a client that is not registered for the grant type (RFC 6749 §5.2)', async () => {
    const { status, body } = await requestDevice(provider, { scope: 'openid' }, FRONTEND);
    expect([status, body.error]).toEqual([400, 'unauthorized_client']);
  });

  it('refuses an unknown client and a request without a client (RFC 8628 §3.1)', async () => {
    expect((await requestDevice(provider, { client_id: 'nobody' })).body.error).toBe('invalid_client');
    expect((await post(provider, '/device_authorization', { scope: 'openid' })).body.error).toBe('invalid_client');
  });

  it('refuses a confidential client that does not authenticate (RFC 8628 §3.1)', async () => {
    const { status, body } = await requestDevice(provider, { client_id: 'frontend' });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('refuses repeated parameters and a body that is not a form (RFC 6749 §3.1)', async () => {
    const repeated: [string, string][] = [
      ['client_id', 'demo-cli'],
      ['scope', 'openid'],
      ['scope', 'email'],
    ];
    expect((await post(provider, '/device_authorization', repeated)).body.error).toBe('invalid_request');
    const json = await fetch(`${provider.url}/device_authorization`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"client_id":"demo-cli"}',
    });
    expect([json.status, ((await json.json()) as { error: string }).error]).toEqual([400, 'invalid_request']);
  });
});

describe('the limit of device authorizations', () => {
  it('answers public clients of one network with 429 and stores nothing, and no client that authenticates', async () => {
    const small = await startProvider(await testDatabase(), { DEVICE_AUTHORIZATIONS_PER_ADDRESS: '2' });
    try {
      for (let count = 0; count < 2; count++) expect((await requestDevice(small)).status).toBe(200);
      const { status, headers, body } = await requestDevice(small);
      expect([status, body.error]).toEqual([429, 'slow_down']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      const rows = await small.dataSource.query<object[]>('SELECT id FROM device_authorizations');
      expect(rows).toHaveLength(2);
      const client = await givenClient(small, { grantTypes: [GRANT_TYPE.deviceCode] });
      expect((await requestDevice(small, { scope: 'openid' }, client.authorization)).status).toBe(200);
    } finally {
      await small.stop();
    }
  });
});
