import { isPrivateUseRedirectUri, isRegistrableRedirectUri, redirectUriMatches } from './redirect-uri.js';

describe('a registered redirect URI', () => {
  it.each([
    'https://app.example.com/callback',
    'https://app.example.com/callback?tenant=1',
    'http://localhost:3000/callback',
    'http://127.0.0.1/callback',
    'http://[::1]/callback',
    'http://app.localhost:3000/callback',
  ])('may be %s', (uri) => expect(isRegistrableRedirectUri(uri)).toBe(true));

  it.each([
    ['http on a host that is not loopback', 'http://app.example.com/callback'],
    ['a fragment', 'https://app.example.com/callback#here'],
    ['an empty fragment', 'https://app.example.com/callback#'],
    ['a wildcard', 'https://*.example.com/callback'],
    ['a javascript: scheme', 'javascript:alert(1)'],
    ['credentials', 'https://user:secret@app.example.com/'],
    ['a relative path', '/callback'],
    ['a line break', 'https://app.example.com/\r\ncallback'],
    ['a backslash', 'https://app.example.com\\callback'],
    ['no authority', 'https:app.example.com/callback'],
    ['a malformed percent-encoding', 'https://app.example.com/%zz'],
    ['a private-use scheme', 'com.example.app:/callback'],
  ])('must not have %s (RFC 9700 §2.1, RFC 6749 §3.1.2)', (_what, uri) =>
    expect(isRegistrableRedirectUri(uri)).toBe(false),
  );
});

describe('a redirect URI with a private-use scheme', () => {
  it.each(['com.example.app:/callback', 'com.example.app://callback', 'com.example.my-app:/a?b=c'])(
    'may be %s',
    (uri) => expect(isPrivateUseRedirectUri(uri)).toBe(true),
  );

  it.each([
    'myapp:/callback',
    'javascript:/a',
    'data:text/html,a',
    'com.example.app:',
    'com.example.app:/a#b',
    '.a:/b',
  ])('must not be %s, which has no domain name, no path, or a fragment (RFC 8252 §7.1)', (uri) =>
    expect(isPrivateUseRedirectUri(uri)).toBe(false),
  );
});

describe('a requested redirect URI', () => {
  it.each([
    ['https://app.example.com/cb', 'https://app.example.com/cb'],
    ['http://127.0.0.1:49152/callback', 'http://127.0.0.1/callback'],
    ['http://[::1]:8080/callback', 'http://[::1]/callback'],
    ['http://localhost:49152/callback', 'http://localhost/callback'],
  ])('%s matches %s', (requested, registered) => expect(redirectUriMatches(requested, registered)).toBe(true));

  it.each([
    ['another path', 'https://app.example.com/cb/../x', 'https://app.example.com/cb'],
    ['a longer path', 'https://app.example.com/cb/evil', 'https://app.example.com/cb'],
    [
      'another port of a host that is not a loopback address',
      'https://app.example.com:444/cb',
      'https://app.example.com/cb',
    ],
    [
      'another port of localhost, which is registered with a port',
      'http://localhost:1/callback',
      'http://localhost:3000/callback',
    ],
    ['a different case', 'https://app.example.com/CB', 'https://app.example.com/cb'],
    ['another query', 'http://127.0.0.1:1/callback?x=1', 'http://127.0.0.1/callback'],
    ['another loopback address', 'http://[::1]:1/callback', 'http://127.0.0.1/callback'],
    ['a name below localhost', 'http://app.localhost:1/callback', 'http://app.localhost/callback'],
    ['the name instead of the address', 'http://localhost:1/callback', 'http://127.0.0.1/callback'],
    ['credentials', 'http://a@127.0.0.1:1/callback', 'http://127.0.0.1/callback'],
    ['a fragment', 'http://127.0.0.1:1/callback#x', 'http://127.0.0.1/callback'],
    ['a path that is not normalized', 'http://127.0.0.1:1/x/../callback', 'http://127.0.0.1/callback'],
    ['https instead of http', 'https://127.0.0.1:1/callback', 'http://127.0.0.1/callback'],
  ])('does not match with %s (RFC 9700 §2.1, RFC 8252 §7.3)', (_what, requested, registered) =>
    expect(redirectUriMatches(requested, registered)).toBe(false),
  );
});
