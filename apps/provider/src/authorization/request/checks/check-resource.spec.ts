import { checkContext, ISSUER } from '../../../testing/check-context.js';
import { DEMO } from '../../../testing/demo.js';
import { checkResource } from './check-resource.js';

const ACCOUNT_API = `${ISSUER}/api`;
const BACKEND = DEMO.backend;

const resourcesOf = (
  scope: string,
  resource: string[] = [],
  client: Parameters<typeof checkContext>[1] = {},
): readonly string[] => checkResource(checkContext({ resource }, client), { scopes: scope.split(' ') }).resources;

describe('checkResource', () => {
  it('returns the named resource servers in their order, each once (RFC 8707 §2)', () => {
    expect(resourcesOf('contacts:read', [BACKEND, ACCOUNT_API, BACKEND])).toEqual([BACKEND, ACCOUNT_API]);
  });

  it('returns the resource servers of the scopes in the order of the scopes when none is named (RFC 8707 §2)', () => {
    expect(resourcesOf('openid contacts:read account:read contacts:write')).toEqual([BACKEND, ACCOUNT_API]);
    expect(resourcesOf('openid account:read contacts:read')).toEqual([ACCOUNT_API, BACKEND]);
  });

  it('adds the account API last to a sign-in, for the userinfo endpoint (OpenID Connect Core §5.3)', () => {
    expect(resourcesOf('openid contacts:read')).toEqual([BACKEND, ACCOUNT_API]);
    expect(resourcesOf('contacts:read')).toEqual([BACKEND]);
    expect(resourcesOf('openid contacts:read', [BACKEND])).toEqual([BACKEND]);
  });

  it('returns the account API when only scopes of OpenID Connect are requested', () => {
    expect(resourcesOf('openid email')).toEqual([ACCOUNT_API]);
  });

  it('accepts scopes of the account API without naming it', () => {
    expect(resourcesOf('openid account:read contacts:read', [BACKEND])).toEqual([BACKEND]);
  });

  it('takes an origin with and without a slash for the same resource server (RFC 3986 §6.2.3)', () => {
    expect(resourcesOf('contacts:read', [`${BACKEND}/`, BACKEND])).toEqual([BACKEND]);
  });

  it.each([
    ['an unknown server', 'https://unknown.example'],
    ['a relative URI', '/api'],
    ['a fragment', `${BACKEND}#fragment`],
    ['an additional slash after a path', `${ACCOUNT_API}/`],
  ])('refuses %s (RFC 8707 §2)', (_, resource) => {
    expect(() => resourcesOf('contacts:read', [BACKEND, resource])).toThrow('invalid_target');
  });

  it('refuses a list that leaves out the resource server of a scope', () => {
    expect(() => resourcesOf('contacts:read', [ACCOUNT_API])).toThrow('invalid_target');
  });

  it('refuses a resource server that is not open to the client', () => {
    expect(() => resourcesOf('openid', [BACKEND], { clientId: 'demo-cli' })).toThrow('invalid_target');
  });

  it('refuses a resource server that is not open to the client when only a scope implies it', () => {
    expect(() => resourcesOf('openid contacts:read', [], { clientId: 'demo-cli' })).toThrow('invalid_target');
  });
});
