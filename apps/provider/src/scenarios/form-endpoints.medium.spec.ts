import { testDatabase } from '@trefoil/testing';
import { request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { basic, FRONTEND, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const FORM = 'application/x-www-form-urlencoded';
const refused = (status: number, error: string) => expect.objectContaining({ status, body: body(error) });
const twice = (name: string): [string, string][] => [
  [name, 'frontend'],
  [name, 'frontend'],
];
const body = (error: string) => expect.objectContaining({ error, error_description: expect.any(String) });

describe.each([
  ['/token', 'RFC 6749 §3.2'],
  ['/par', 'RFC 9126 §2'],
  ['/introspect', 'RFC 7662 §2.1'],
  ['/revoke', 'RFC 7009 §2.1'],
  ['/device_authorization', 'RFC 8628 §3.1'],
])('the form endpoint %s (%s)', (path) => {
  it.each(['GET', 'PUT', 'DELETE'])('refuses %s requests (RFC 6749 §3.2, RFC 9126 §2.3)', async (method) => {
    const { status, headers } = await request(provider, path, { method });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each([
    ['JSON', 'application/json', '{"client_id":"demo-cli"}'],
    ['plain text', 'text/plain', 'client_id=demo-cli'],
    ['multipart/form-data', 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
    ['no body', '', ''],
  ])('refuses a request with %s (RFC 6749 §3.2)', async (_, type, content) => {
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    const { status } = await request(provider, path, { method: 'POST', headers, body: content || null });
    expect([400, 415]).toContain(status);
  });

  it('ignores credentials in the query (RFC 6749 §2.3.1)', async () => {
    const query = 'client_id=frontend&client_secret=frontend-demo-secret&token=x&grant_type=client_credentials';
    const headers = { 'content-type': FORM };
    const answer = await request(provider, `${path}?${query}`, { method: 'POST', headers, body: 'a=b' });
    expect(answer).toEqual(refused(401, 'invalid_client'));
  });

  it('refuses unknown clients and wrong or missing credentials, and names the scheme (RFC 6749 §5.2)', async () => {
    for (const authorization of [basic('nobody', 'x'), basic('frontend', 'x'), 'Basic ???']) {
      const answer = await post(provider, path, {}, authorization);
      expect(answer).toEqual(refused(401, 'invalid_client'));
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    }
    expect(await post(provider, path, { client_id: 'frontend' })).toEqual(refused(401, 'invalid_client'));
  });

  it('refuses two authentication methods in one request (RFC 6749 §2.3)', async () => {
    const both = { client_id: 'frontend', client_secret: 'frontend-demo-secret' };
    expect(await post(provider, path, both, FRONTEND)).toEqual(refused(400, 'invalid_request'));
  });

  it.each(['client_id', 'scope'])('refuses a repeated %s (RFC 6749 §3.1, §3.2)', async (name) => {
    expect(await post(provider, path, twice(name), FRONTEND)).toEqual(refused(400, 'invalid_request'));
  });

  it('ignores an unknown parameter, also a repeated one (RFC 6749 §3.1, §3.2)', async () => {
    const [ignored, without] = [
      await post(provider, path, twice('anything'), FRONTEND),
      await post(provider, path, {}, FRONTEND),
    ];
    expect([ignored.status, ignored.body]).toEqual([without.status, without.body]);
  });

  it.each([
    ['a NUL character', 'client_id=a%00b'],
    ['invalid UTF-8', 'client_id=%ff%fe'],
  ])('refuses %s (RFC 6749 Appendix B)', async (_, content) => {
    const headers = { authorization: FRONTEND, 'content-type': FORM };
    const answer = await request(provider, path, { method: 'POST', headers, body: content });
    expect(answer).toEqual(refused(400, 'invalid_request'));
  });

  it('refuses a body that is too large with status 413 (RFC 9126 §2.3)', async () => {
    const headers = { authorization: FRONTEND, 'content-type': FORM };
    const answer = await request(provider, path, { method: 'POST', headers, body: `state=${'x'.repeat(70_000)}` });
    expect(answer.status).toBe(413);
  });

  it('forbids caches to store its error responses (RFC 6749 §5.1, §5.2)', async () => {
    const { headers } = await post(provider, path, { client_id: 'nobody' });
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('/token', () => {
  it.each([
    ['password', 'OAuth 2.1 §10'],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'RFC 7523 §2.1'],
    ['urn:ietf:params:oauth:grant-type:saml2-bearer', 'RFC 7521 §4.1'],
    ['Authorization_Code', 'RFC 6749 §5.2'],
  ])('does not offer the grant %s (%s)', async (grant_type) => {
    expect(await post(provider, '/token', { grant_type }, FRONTEND)).toEqual(refused(400, 'unsupported_grant_type'));
  });
});
