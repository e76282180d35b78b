import { codeChallengeOf, isCodeChallenge, verifierMatches } from './pkce.js';

// The example of RFC 7636 Appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

it('derives the challenge of RFC 7636 Appendix B', () => expect(codeChallengeOf(VERIFIER)).toBe(CHALLENGE));

it('accepts the verifier that matches the challenge (RFC 7636 §4.6)', () =>
  expect(verifierMatches(VERIFIER, CHALLENGE)).toBe(true));

it.each([
  ['another verifier', `${VERIFIER}x`],
  ['a verifier that is too short', 'short'],
  ['a verifier with a forbidden character', `${VERIFIER.slice(0, -1)}!`],
  ['the challenge itself, which plain PKCE would accept', CHALLENGE],
])('refuses %s (RFC 7636 §4.1, §4.6)', (_what, verifier) => expect(verifierMatches(verifier, CHALLENGE)).toBe(false));

it.each(['', 'short', `${CHALLENGE}=`, `${CHALLENGE}x`])(
  'refuses a challenge that is not a SHA-256 hash: "%s"',
  (challenge) => expect(isCodeChallenge(challenge)).toBe(false),
);
