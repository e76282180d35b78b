import { checkContext } from '../../../testing/check-context.js';
import { checkRedirectUri } from './check-redirect-uri.js';

const NATIVE = { clientId: 'demo-cli' };
const PLAIN = { redirectUris: ['https://app.example/callback'], securityProfile: 'oauth2.1' as const };

describe('checkRedirectUri', () => {
  it('returns a registered redirect URI unchanged', () => {
    const redirect_uri = 'http://localhost:3000/callback';
    expect(checkRedirectUri(checkContext({ redirect_uri }))).toBe(redirect_uri);
  });

  it.each(['http://127.0.0.1/callback', 'http://127.0.0.1:51004/callback'])(
    'accepts any port of a loopback address: %s (RFC 8252 §7.3)',
    (redirect_uri) => {
      expect(checkRedirectUri(checkContext({ redirect_uri }, NATIVE))).toBe(redirect_uri);
    },
  );

  it('returns the only registered redirect URI if a plain OAuth request has none (OAuth 2.1 §4.1.1)', () => {
    expect(checkRedirectUri(checkContext({ scope: 'contacts:read' }, PLAIN))).toBe('https://app.example/callback');
  });

  it.each<[string, string, Partial<Parameters<typeof checkContext>[1]>]>([
    ['an OpenID request (OpenID Connect Core §3.1.2.1)', 'contacts:read openid', {}],
    [
      'a client with two redirect URIs (OAuth 2.1 §4.1.1)',
      'email',
      { redirectUris: ['https://a.example', 'https://b.example'] },
    ],
    ['a client with none (OAuth 2.1 §4.1.1)', 'email', { redirectUris: [] }],
    ['a client of FAPI (FAPI 2.0 §5.3.2.2)', 'email', { securityProfile: 'fapi2' }],
    ['a client that can do without PKCE (RFC 6749 §4.1.3)', 'email', { securityProfile: 'oidc' }],
  ])('requires a redirect URI in %s', (_, scope, changes) => {
    expect(() => checkRedirectUri(checkContext({ scope }, { ...PLAIN, ...changes }))).toThrow(
      'redirect_uri is missing',
    );
  });

  it.each([
    ['a missing one in an OpenID request (OpenID Connect Core §3.1.2.1)', undefined],
    ['an empty one', ''],
    ['a repeated one, although it is registered (RFC 6749 §3.1)', Array(2).fill('http://localhost:3000/callback')],
    ['another host', 'http://evil.example/callback'],
    ['another port of a host name', 'http://localhost:3001/callback'],
    ['another scheme', 'https://localhost:3000/callback'],
    ['a longer path (RFC 9700 §2.1)', 'http://localhost:3000/callback/more'],
    ['a path that only normalises to it', 'http://localhost:3000/x/../callback'],
    ['another query', 'http://localhost:3000/callback?next=evil'],
    ['a fragment', 'http://localhost:3000/callback#fragment'],
    ['credentials before the host', 'http://localhost:3000@evil.example/callback'],
    ['another spelling', 'HTTP://LOCALHOST:3000/callback'],
    ['a script', 'javascript:alert(1)'],
    ['text that is not a URL', 'callback'],
  ])('refuses %s (OAuth 2.1 §2.3.1)', (_, redirect_uri) => {
    expect(() =>
      checkRedirectUri(checkContext({ scope: 'openid', ...(redirect_uri !== undefined && { redirect_uri }) })),
    ).toThrow('invalid_request');
  });

  it('accepts any port of localhost if it is registered without one (RFC 8252 §7.3)', () => {
    const native = { ...NATIVE, redirectUris: ['http://localhost/callback'] };
    const redirect_uri = 'http://localhost:51004/callback';
    expect(checkRedirectUri(checkContext({ redirect_uri }, native))).toBe(redirect_uri);
  });

  it.each([
    ['another path', 'http://127.0.0.1:51004/other'],
    ['the name instead of the address', 'http://localhost:51004/callback'],
    ['the other address family', 'http://[::1]:51004/callback'],
    ['https', 'https://127.0.0.1:51004/callback'],
    ['a user name', 'http://x@127.0.0.1:51004/callback'],
  ])('accepts nothing but another port of a loopback address: refuses %s (RFC 8252 §7.3)', (_, redirect_uri) => {
    expect(() => checkRedirectUri(checkContext({ redirect_uri }, NATIVE))).toThrow('invalid_request');
  });
});
