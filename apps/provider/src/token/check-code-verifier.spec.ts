import { Parameters, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { checkCodeVerifier } from './check-code-verifier.js';

const verifier = randomSecret();
const codeChallenge = sha256(verifier).toString('base64url');
const check = (codeVerifier: string | undefined, challenge: string | null = codeChallenge) =>
  checkCodeVerifier(
    { codeChallenge: challenge },
    Parameters.from(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
  );

describe('checkCodeVerifier', () => {
  it('accepts the verifier of the challenge (RFC 7636 §4.6)', () => expect(() => check(verifier)).not.toThrow());

  it.each([
    ['a missing verifier', undefined],
    ['another verifier', randomSecret()],
    ['the challenge itself', codeChallenge],
    ['a verifier that is too short', 'short'],
  ])('refuses %s (RFC 7636 §4.6)', (_, codeVerifier) => {
    expect(() => check(codeVerifier)).toThrow('invalid_grant');
  });

  it('refuses a verifier without a challenge, as after a PKCE downgrade (RFC 9700 §4.8.2)', () => {
    expect(() => check(verifier, null)).toThrow('invalid_grant');
  });

  it('accepts a request without PKCE when the authorization request had none (OAuth 2.1 §7.5.1)', () => {
    expect(() => check(undefined, null)).not.toThrow();
  });
});
