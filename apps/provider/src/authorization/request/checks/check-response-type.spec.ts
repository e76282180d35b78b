import { checkContext } from '../../../testing/check-context.js';
import { checkResponseType } from './check-response-type.js';

describe('checkResponseType', () => {
  it('accepts code', () => {
    expect(() => checkResponseType(checkContext({ response_type: 'code' }))).not.toThrow();
  });

  it('refuses a missing response_type (RFC 6749 §3.1.1)', () => {
    expect(() => checkResponseType(checkContext({}))).toThrow('invalid_request');
  });

  it.each(['token', 'id_token', 'code token', 'code id_token', 'none', 'CODE'])(
    'refuses the response type %s (OAuth 2.1 §10.1, RFC 6749 §4.1.2.1)',
    (response_type) => {
      expect(() => checkResponseType(checkContext({ response_type }))).toThrow('unsupported_response_type');
    },
  );
});
