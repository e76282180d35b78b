import { OAuthError } from '@trefoil/oauth-protocol';
import { codeResponse, errorResponse } from './authorization-response.js';

const ISSUER = 'https://id.example';
const address = { clientId: 'client', redirectUri: 'https://client.example/callback', state: 'a b&c=d' };

describe('codeResponse', () => {
  it('carries code, state and iss (RFC 6749 §4.1.2, RFC 9207 §2)', () => {
    expect(codeResponse(address, ISSUER, 'tfc_1')).toBe(
      'https://client.example/callback?code=tfc_1&state=a+b%26c%3Dd&iss=https%3A%2F%2Fid.example',
    );
  });

  it('keeps the query of the redirect URI (RFC 6749 §3.1.2)', () => {
    const redirectUri = 'https://client.example/callback?tenant=%20x';
    expect(codeResponse({ ...address, redirectUri, state: undefined }, ISSUER, 'tfc_1')).toBe(
      `${redirectUri}&code=tfc_1&iss=https%3A%2F%2Fid.example`,
    );
  });
});

describe('errorResponse', () => {
  it('carries error, description, state and iss (RFC 6749 §4.1.2.1, RFC 9207 §2)', () => {
    const url = new URL(errorResponse(address, ISSUER, new OAuthError('invalid_scope', 'scope is missing')));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'invalid_scope',
      error_description: 'scope is missing',
      state: 'a b&c=d',
      iss: ISSUER,
    });
  });

  it('describes with the characters that are allowed only (RFC 6749 §4.1.2.1)', () => {
    const url = new URL(errorResponse(address, ISSUER, new OAuthError('invalid_request', 'a "quoted\\" → é\n')));
    expect(url.searchParams.get('error_description')).toBe('a ?quoted?? ? ??');
  });
});
