import { OAuthError } from '@trefoil/oauth-protocol';
import { codeParameters, errorParameters } from './authorization-response.js';

const ISSUER = 'https://id.example';
const address = { state: 'a b&c=d' };

describe('codeParameters', () => {
  it('returns code, state and iss (RFC 6749 §4.1.2, RFC 9207 §2)', () => {
    expect(codeParameters(address, ISSUER, 'tfc_1')).toEqual({ code: 'tfc_1', state: 'a b&c=d', iss: ISSUER });
  });

  it('returns no state when the request had none (RFC 6749 §4.1.2)', () => {
    expect(codeParameters({}, ISSUER, 'tfc_1')).toEqual({ code: 'tfc_1', iss: ISSUER });
  });
});

describe('errorParameters', () => {
  it('returns error, description, state and iss (RFC 6749 §4.1.2.1, RFC 9207 §2)', () => {
    expect(errorParameters(address, ISSUER, new OAuthError('invalid_scope', 'scope is missing'))).toEqual({
      error: 'invalid_scope',
      error_description: 'scope is missing',
      state: 'a b&c=d',
      iss: ISSUER,
    });
  });

  it('replaces the characters that a description must not have (RFC 6749 §4.1.2.1)', () => {
    const error = new OAuthError('invalid_request', 'a "quoted\\" → é\n');
    expect(errorParameters(address, ISSUER, error).error_description).toBe("a 'quoted/' ? ??");
  });
});
