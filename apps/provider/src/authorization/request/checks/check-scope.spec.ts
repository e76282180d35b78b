import { checkContext } from '../../../testing/check-context.js';
import { checkScope } from './check-scope.js';

describe('checkScope', () => {
  it('returns the scopes in their order, each once (RFC 6749 §3.3)', () => {
    expect(checkScope(checkContext({ scope: 'contacts:read openid  contacts:read' }))).toEqual({
      scopes: ['contacts:read', 'openid'],
    });
  });

  it('ignores an unknown scope among known ones (OpenID Connect Core §3.1.2.1)', () => {
    expect(checkScope(checkContext({ scope: 'openid contacts:paint constructor' }))).toEqual({ scopes: ['openid'] });
  });

  it.each([
    ['no scope', undefined],
    ['only spaces', '  '],
    ['only unknown scopes', 'contacts:paint something'],
    ['a scope for machine clients only among others', 'openid contacts:export'],
    ['a scope for machine clients only', 'contacts:export'],
    ['a character that the grammar forbids', 'openid "email"'],
    ['the name of a property that every object has', 'constructor'],
  ])('refuses %s (RFC 6749 §3.3)', (_, scope) => {
    const context = checkContext({ ...(scope !== undefined && { scope }) });
    const registered = { ...context.client, scopes: [...context.client.scopes, 'contacts:export', 'contacts:paint'] };
    expect(() => checkScope({ ...context, client: registered })).toThrow('invalid_scope');
  });

  it('refuses a scope for which the client is not registered (RFC 6749 §4.1.2.1)', () => {
    expect(() => checkScope(checkContext({ scope: 'openid contacts:read' }, { clientId: 'demo-cli' }))).toThrow(
      'invalid_scope',
    );
  });
});
