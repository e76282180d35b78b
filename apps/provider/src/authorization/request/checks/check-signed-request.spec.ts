import { checkContext } from '../../../testing/check-context.js';
import { checkSignedRequest } from './check-signed-request.js';

describe('checkSignedRequest', () => {
  it('requires a signature for a client with require_signed_request_object (RFC 9101 §10.5)', () => {
    const context = checkContext({}, { requireSignedRequestObject: true });
    expect(() => checkSignedRequest(context)).toThrow('invalid_request');
    expect(() => checkSignedRequest({ ...context, isSigned: true })).not.toThrow();
  });

  it('accepts unsigned requests from all other clients (RFC 9101 §5)', () => {
    expect(() => checkSignedRequest(checkContext({}))).not.toThrow();
  });
});
