import { checkContext } from '../../../testing/check-context.js';
import { checkPushedRequest } from './check-pushed-request.js';

describe('checkPushedRequest', () => {
  it.each([
    ['the profile fapi2 (FAPI 2.0 §5.3.2.2)', { securityProfile: 'fapi2' } as const],
    ['a client with require_pushed_authorization_requests (RFC 9126 §6)', { requirePushedAuthorizationRequests: true }],
  ])('requires a pushed request for %s', (_, client) => {
    const context = checkContext({}, client);
    expect(() => checkPushedRequest(context)).toThrow('invalid_request');
    expect(() => checkPushedRequest({ ...context, isPushed: true })).not.toThrow();
  });

  it('accepts other requests from all other clients (RFC 9126 §1)', () => {
    expect(() => checkPushedRequest(checkContext({}))).not.toThrow();
  });
});
