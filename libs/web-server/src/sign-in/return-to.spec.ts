import fc from 'fast-check';
import { signInPath } from '../http/links.js';
import { returnTo } from './return-to.js';

const PUBLIC_URL = 'http://localhost:3000';

describe('return_to', () => {
  it.each(['/', '/profile', '/contacts?search=a%20b&cursor=x', '/contacts/1/edit?held=abc', '/a//b', '/contacts#top'])(
    'accepts %s, a path of this origin',
    (path) => {
      expect(returnTo(path, PUBLIC_URL)).toBe(path);
    },
  );

  it.each([
    undefined,
    null,
    7,
    ['/profile', '//evil.example'],
    '',
    'profile',
    'http://localhost:3000/profile',
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/%0a/evil.example\n',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\u0000/evil.example',
    '/\u0085/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/login',
    '/login?return_to=%2F',
    '/callback?code=x',
    '/logout',
    `/${'a'.repeat(2000)}`,
  ])('returns to the start page instead of %j (RFC 9700 §4.11)', (hostile) => {
    expect(returnTo(hostile, PUBLIC_URL)).toBe('/');
  });

  it('is encoded, so that it cannot break the header', () => {
    expect(returnTo('/profile?name=Zoë“', PUBLIC_URL)).toBe('/profile?name=Zo%C3%AB%E2%80%9C');
  });

  it('never leaves the origin, for any input', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '%2f',
      '%5c',
      '@',
      ':',
      'evil.example',
      '\t',
      '\r',
      '?',
      '#',
    );
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 8 }).map((all) => `/${all.join('')}`),
    );
    fc.assert(
      fc.property(hostile, (path) => {
        const location = returnTo(path, PUBLIC_URL);
        expect(new URL(location, PUBLIC_URL).origin).toBe(PUBLIC_URL);
        expect(location).toMatch(/^\/(?![/\\])[\x21-\x7E]*$/);
      }),
    );
  });

  it('is sent in the query of the sign-in', () => {
    expect(signInPath('/contacts?search=a&cursor=b')).toBe('/login?return_to=%2Fcontacts%3Fsearch%3Da%26cursor%3Db');
  });
});
