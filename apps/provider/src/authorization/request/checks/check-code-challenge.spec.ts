import { checkContext } from '../../../testing/check-context.js';
import { checkCodeChallenge } from './check-code-challenge.js';

const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const OIDC = { securityProfile: 'oidc' } as const;

describe('checkCodeChallenge', () => {
  it('returns an S256 challenge (RFC 7636 §4.3)', () => {
    expect(checkCodeChallenge(checkContext({ code_challenge, code_challenge_method: 'S256' }))).toEqual({
      codeChallenge: code_challenge,
    });
  });

  it('refuses plain PKCE (RFC 7636 §4.2, OAuth 2.1 §7.5.2)', () => {
    expect(() => checkCodeChallenge(checkContext({ code_challenge, code_challenge_method: 'plain' }))).toThrow(
      'invalid_request',
    );
  });

  it('refuses a challenge without a method, which means plain (RFC 7636 §4.3)', () => {
    expect(() => checkCodeChallenge(checkContext({ code_challenge }))).toThrow('invalid_request');
  });

  it.each(['too-short', `${code_challenge}=`, `${code_challenge}A`, code_challenge.replace('-', '+')])(
    'refuses the malformed challenge %s (RFC 7636 §4.2)',
    (malformed) => {
      const parameters = { code_challenge: malformed, code_challenge_method: 'S256' };
      expect(() => checkCodeChallenge(checkContext(parameters, OIDC))).toThrow('invalid_request');
    },
  );

  it('refuses a request without PKCE (OAuth 2.1 §7.5.1)', () => {
    expect(() => checkCodeChallenge(checkContext({}))).toThrow('invalid_request');
  });

  it('accepts a confidential client of the oidc profile without PKCE', () => {
    expect(checkCodeChallenge(checkContext({}, OIDC))).toEqual({});
  });

  it('refuses a public client of the oidc profile without PKCE (RFC 9700 §2.1.1)', () => {
    expect(() => checkCodeChallenge(checkContext({}, { ...OIDC, clientId: 'demo-cli' }))).toThrow('invalid_request');
  });

  it('refuses a method without a challenge (RFC 7636 §4.4.1)', () => {
    expect(() => checkCodeChallenge(checkContext({ code_challenge_method: 'S256' }, OIDC))).toThrow('invalid_request');
  });
});
