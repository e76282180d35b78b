import { checkToken } from './check-token.js';
import type { Introspection } from './introspected-tokens.js';

const api = { resource: 'https://invoices.example', realm: 'invoices' };
const active = { active: true, aud: api.resource, scope: 'invoices:read', sub: 'machine', client_id: 'machine' };

const check = (found: Introspection | Error, authorization: string | undefined = 'Bearer token') =>
  checkToken({ authorization, certificate: undefined, scope: 'invoices:read' }, api, () =>
    found instanceof Error ? Promise.reject(found) : Promise.resolve(found),
  );

it('accepts an active token of this API with the scope', async () => {
  expect(await check({ ...active, scope: 'other invoices:read' })).toEqual({
    status: 204,
    headers: { 'Token-Subject': 'machine', 'Token-Client': 'machine' },
  });
});

it.each<[string, Introspection]>([
  ['that is not active (RFC 7662 §2.2)', { active: false }],
  ['that has expired', { ...active, exp: 1 }],
  ['of another API (RFC 8707 §2)', { ...active, aud: 'https://other.example' }],
  ['of several APIs (RFC 8707 §2)', { ...active, aud: [api.resource, 'https://other.example'] }],
  ['without an audience', { ...active, aud: undefined }],
  ['that is bound to a DPoP key (RFC 9449 §7.2)', { ...active, cnf: { jkt: 'x' } }],
  ['that is bound to a certificate, without one (RFC 8705 §3)', { ...active, cnf: { 'x5t#S256': 'x' } }],
])('refuses a token %s', async (_what, found) => {
  const { status, headers } = await check(found);
  expect(status).toBe(401);
  expect(headers['WWW-Authenticate']).toContain('error="invalid_token"');
});

it('refuses a certificate that is none, and does not compare it with an empty thumbprint', async () => {
  const request = { authorization: 'Bearer token', certificate: 'none', scope: 'invoices:read' };
  const found = { ...active, cnf: { 'x5t#S256': '' } };
  expect((await checkToken(request, api, () => Promise.resolve(found))).status).toBe(401);
});

it.each([undefined, 'Basic YTpi', 'DPoP token', 'Bearerx token'])(
  'asks for a token without an error code: %s (RFC 6750 §3.1)',
  async (authorization) => {
    const find = () => Promise.reject(new Error('was asked'));
    const result = await checkToken({ authorization, certificate: undefined, scope: 'invoices:read' }, api, find);
    expect(result).toEqual({ status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="invoices"' } });
  },
);

it.each(['Bearer', 'Bearer a b', 'Bearer ä', 'Bearer token, Bearer token'])(
  'refuses a malformed header: %s (RFC 6750 §3.1)',
  async (authorization) => expect((await check(active, authorization)).status).toBe(400),
);

it('says that it cannot check while the provider does not answer', async () => {
  expect(await check(new Error('connection refused'))).toEqual({ status: 503, headers: { 'Retry-After': '2' } });
});
