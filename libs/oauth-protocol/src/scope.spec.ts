import { isOpenIdScope, parseScope } from './scope.js';

it('returns the scopes in order, each of them once (RFC 6749 §3.3)', () =>
  expect(parseScope('openid  email openid contacts:read')).toEqual(['openid', 'email', 'contacts:read']));

it('returns no scopes when the parameter is absent', () => expect(parseScope(undefined)).toEqual([]));

it.each(['a"b', 'a\\b', 'ä', 'a\tb'])('refuses a character outside the grammar: %j (RFC 6749 §3.3)', (scope) =>
  expect(() => parseScope(scope)).toThrow('invalid_scope'),
);

it('recognizes the scopes of OpenID Connect, and no names of the object prototype', () => {
  expect(isOpenIdScope('profile')).toBe(true);
  expect(isOpenIdScope('toString')).toBe(false);
});
