import { checkContext } from '../../../testing/check-context.js';
import { checkRedirectUri } from './check-redirect-uri.js';

const NATIVE = { clientId: 'demo-cli' };

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

  it.each([
    ['a missing one (OAuth 2.1 §4.1.1)', undefined],
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
    expect(() => checkRedirectUri(checkContext({ ...(redirect_uri !== undefined && { redirect_uri }) }))).toThrow(
      'invalid_request',
    );
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
