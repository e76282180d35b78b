import { usesClientSecret } from './client-authentication-method.js';
import {
  SECURITY_PROFILES,
  type SecurityProfile,
  securityProfile,
  type SecurityProfileName,
} from './security-profile.js';

const WITHOUT_SECRET = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const EVERY_METHOD = ['none', 'client_secret_basic', 'client_secret_post', ...WITHOUT_SECRET];

/** The published table of profiles. A change here changes the rules on which clients rely. */
const TABLE: { [Policy in keyof SecurityProfile]: Record<SecurityProfileName, unknown> } = {
  pkce: { 'oauth2.1': 'required', oidc: 'required-for-public-clients', fapi2: 'required' },
  pushedRequest: { 'oauth2.1': 'optional', oidc: 'optional', fapi2: 'required' },
  clientAuthentication: { 'oauth2.1': EVERY_METHOD, oidc: EVERY_METHOD, fapi2: WITHOUT_SECRET },
  senderConstrained: { 'oauth2.1': 'if-asked', oidc: 'if-asked', fapi2: 'required' },
  assertionAudience: { 'oauth2.1': 'issuer', oidc: 'issuer-or-endpoint', fapi2: 'issuer-as-string' },
  longestRequestObjectLife: { 'oauth2.1': null, oidc: null, fapi2: 3600 },
  rotateRefreshTokens: { 'oauth2.1': true, oidc: true, fapi2: false },
  longestCodeLifetime: { 'oauth2.1': 600, oidc: 600, fapi2: 60 },
  algorithms: {
    'oauth2.1': ['ES256', 'PS256', 'RS256', 'EdDSA'],
    oidc: ['ES256', 'PS256', 'RS256', 'EdDSA'],
    fapi2: ['PS256', 'ES256', 'EdDSA'],
  },
  idTokenAlgorithms: {
    'oauth2.1': ['RS256', 'ES256', 'PS256', 'EdDSA'],
    oidc: ['RS256', 'ES256', 'PS256', 'EdDSA'],
    fapi2: ['ES256', 'PS256', 'EdDSA'],
  },
};

describe.each(Object.keys(SECURITY_PROFILES) as SecurityProfileName[])('the security profile %s', (name) => {
  it.each(Object.entries(TABLE))('has the published value of %s', (policy, values) => {
    expect(securityProfile(name)[policy as keyof SecurityProfile]).toEqual(values[name]);
  });

  it('has no other policies than those in the table', () => {
    expect(Object.keys(securityProfile(name)).sort()).toEqual(Object.keys(TABLE).sort());
  });

  it('allows neither unsigned JWTs nor signatures with a shared secret (RFC 8725 §3.1, RFC 9700 §2.5)', () => {
    const { algorithms, idTokenAlgorithms } = securityProfile(name);
    for (const algorithm of [...algorithms, ...idTokenAlgorithms]) expect(algorithm).toMatch(/^(ES|PS|RS)256$|^EdDSA$/);
  });

  it('requires PKCE from every public client (OAuth 2.1 §7.5.1, RFC 9700 §2.1.1)', () => {
    expect(securityProfile(name).pkce).toMatch(/^required/);
  });

  it('limits the lifetime of a code to ten minutes (RFC 6749 §4.1.2)', () => {
    expect(securityProfile(name).longestCodeLifetime).toBeLessThanOrEqual(600);
  });
});

describe('the security profile fapi2', () => {
  const fapi2: SecurityProfile = securityProfile('fapi2');

  it('allows neither public clients nor client secrets (FAPI 2.0 §5.3.2.1)', () => {
    expect(fapi2.clientAuthentication).not.toContain('none');
    expect(fapi2.clientAuthentication.filter(usesClientSecret)).toEqual([]);
  });

  it('does not allow RS256 (FAPI 2.0 §5.4.1)', () => {
    expect([...fapi2.algorithms, ...fapi2.idTokenAlgorithms]).not.toContain('RS256');
  });
});
