import { isOpenIdScope, parseScope } from './scope.js';

it('reads scopes in order and once each (RFC 6749 §3.3)', () =>
  expect(parseScope('openid  email openid contacts:read')).toEqual(['openid', 'email', 'contacts:read']));

it('has no scope when none is asked', () => expect(parseScope(undefined)).toEqual([]));

it.each(['a"b', 'a\\b', 'ä', 'a\tb'])('refuses a character outside the grammar: %j (RFC 6749 §3.3)', (scope) =>
  expect(() => parseScope(scope)).toThrow('invalid_scope'),
);

it('knows the scopes of OpenID Connect, and nothing of a prototype', () => {
  expect(isOpenIdScope('profile')).toBe(true);
  expect(isOpenIdScope('toString')).toBe(false);
});
