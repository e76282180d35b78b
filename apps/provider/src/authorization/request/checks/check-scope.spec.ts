import { checkContext } from '../../../testing/check-context.js';
import { checkScope } from './check-scope.js';

describe('checkScope', () => {
  it('keeps the scopes in their order, each once (RFC 6749 §3.3)', () => {
    expect(checkScope(checkContext({ scope: 'contacts:read openid  contacts:read' }))).toEqual({
      scopes: ['contacts:read', 'openid'],
    });
  });

  it.each([
    ['none at all', undefined],
    ['only spaces', '  '],
    ['an unknown one', 'openid contacts:paint'],
    ['one that only machines are given', 'contacts:export'],
    ['a character the grammar forbids', 'openid "email"'],
    ['a name that every object has', 'constructor'],
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
