import fc from 'fast-check';
import { bearerChallenge, dpopChallenge } from './challenge.js';
import { OAuthError } from './oauth-error.js';
import { wireText } from './wire-text.js';

const ALLOWED = /^[\x20\x21\x23-\x5B\x5D-\x7E]*$/;

it.each([
  ['scope ü is unknown', 'scope ? is unknown'],
  ['resource "a\\b"', "resource 'a/b'"],
  ['see RFC 6749 §5.2', 'see RFC 6749 section 5.2'],
  ['two\r\nlines', 'two??lines'],
  ['a 🍀 is one character', 'a ? is one character'],
])('error_description %s is sent as %s (RFC 6749 §5.2)', (given, sent) => expect(wireText(given)).toBe(sent));

it('no text reaches a body, a redirect or a challenge with other characters (RFC 6749 §4.1.2.1, §5.2, RFC 6750 §3)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(new OAuthError('invalid_request', text).toBody().error_description).toMatch(ALLOWED);
      expect(new OAuthError('invalid_request', text).description).toMatch(ALLOWED);
      for (const challenge of [
        bearerChallenge({ error: 'invalid_token', error_description: text }),
        dpopChallenge({ error: 'invalid_dpop_proof', error_description: text, algs: 'ES256' }),
      ]) {
        expect(/error_description="([^"]*)"/.exec(challenge)?.[1]).toMatch(ALLOWED);
      }
    }),
  );
});
