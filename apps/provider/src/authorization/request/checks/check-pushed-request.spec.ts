import { checkContext } from '../../../testing/check-context.js';
import { checkPushedRequest } from './check-pushed-request.js';

describe('checkPushedRequest', () => {
  it.each([
    ['the profile fapi2 (FAPI 2.0 §5.3.2.2)', { securityProfile: 'fapi2' } as const],
    ['a client that says so (RFC 9126 §6)', { requirePushedAuthorizationRequests: true }],
  ])('requires a push of %s', (_, client) => {
    const context = checkContext({}, client);
    expect(() => checkPushedRequest(context)).toThrow('invalid_request');
    expect(() => checkPushedRequest({ ...context, isPushed: true })).not.toThrow();
  });

  it('leaves the choice to everybody else (RFC 9126 §1)', () => {
    expect(() => checkPushedRequest(checkContext({}))).not.toThrow();
  });
});
