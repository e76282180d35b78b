import { accountScopes } from './account-scopes.js';
import { contactScopes } from './contact-scopes.js';
import { scopeDescriptions, scopeNames, scopesOf } from './scope.js';

// The characters of RFC 6749 §3.3.
const TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

describe('a scope table', () => {
  it.each([contactScopes, accountScopes])(
    'has names that are valid scope tokens, each once (RFC 6749 §3.3)',
    (table) => {
      const names = scopeNames(scopesOf(table));
      expect(names.filter((name) => !TOKEN.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('lists its scopes in order, by kind of subject', () => {
    expect(scopeNames(scopesOf(contactScopes))).toEqual(['contacts:read', 'contacts:write', 'contacts:export']);
    expect(scopeNames(scopesOf(contactScopes, 'users'))).toEqual(['contacts:read', 'contacts:write']);
    expect(scopeNames(scopesOf(contactScopes, 'machines'))).toEqual(['contacts:export']);
  });

  it('describes its scopes in words that begin with a capital letter', () => {
    expect(scopeDescriptions([contactScopes.read])).toEqual({ 'contacts:read': 'See your contacts' });
  });
});
