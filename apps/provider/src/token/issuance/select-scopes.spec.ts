import { Parameters } from '@trefoil/oauth-protocol';
import { demoResourceServers } from '../../demo/demo-data.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { DEMO } from '../../testing/demo.js';
import { scopesAt, selectScopes } from './select-scopes.js';

const ISSUER = 'https://id.example';
const select = (scope: string | undefined, allowed: readonly string[]) =>
  selectScopes(Parameters.from(scope === undefined ? {} : { scope }), allowed);

describe('the scopes of a token', () => {
  it('are all allowed scopes when the request names none (RFC 6749 §3.3, §6)', () => {
    expect(select(undefined, ['a', 'b'])).toEqual(['a', 'b']);
    expect(select('', ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('are the requested ones, each once', () => expect(select('b a b', ['a', 'b', 'c'])).toEqual(['b', 'a']));

  it.each(['a c', 'A', 'c', 'constructor'])(
    'are refused when one of them is not allowed: %s (RFC 6749 §3.3, §6)',
    (scope) => {
      expect(() => select(scope, ['a', 'b'])).toThrow('invalid_scope');
    },
  );

  it('are refused when they break the grammar (RFC 6749 §3.3)', () => {
    expect(() => select('a"b', ['a"b'])).toThrow('invalid_scope');
  });
});

describe('the scopes in a token for a resource server', () => {
  const scopes = ['openid', 'contacts:read', 'account:read'];
  const at = (identifier: string) => {
    const server = demoResourceServers({ issuer: ISSUER, ...DEMO }).find((each) => each.identifier === identifier);
    return scopesAt(server as ResourceServer, scopes, `${ISSUER}/api`);
  };

  it('are its own scopes (RFC 9700 §2.3)', () => expect(at(DEMO.backend)).toEqual(['contacts:read']));

  it('are not those that only machines are granted now', () => {
    const [server] = demoResourceServers({ issuer: ISSUER, ...DEMO });
    const scopes: ResourceServer['scopes'] = [{ name: 'account:read', description: 'do it', grantedTo: ['machines'] }];
    expect(scopesAt({ ...(server as ResourceServer), scopes }, ['account:read'], ISSUER)).toEqual([]);
  });

  it('include those of OpenID Connect at the provider’s own API, which has the userinfo endpoint (OpenID Connect Core §5.3)', () =>
    expect(at(`${ISSUER}/api`)).toEqual(['openid', 'account:read']));
});
