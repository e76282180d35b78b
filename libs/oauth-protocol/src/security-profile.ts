/** How a client proves who it is at the token endpoint (RFC 7591 §2, OpenID Connect Core §9). */
export type ClientAuthenticationMethod = 'none' | 'client_secret_basic' | 'client_secret_post';

/** A signature algorithm of JOSE (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlgorithm = 'ES256' | 'PS256' | 'RS256' | 'EdDSA';

/** What differs between clients of different trust, as one named policy. */
export interface SecurityProfile {
  /** Whether an authorization request without PKCE is refused. */
  readonly pkce: 'required' | 'required-for-public-clients';
  readonly clientAuthentication: readonly ClientAuthenticationMethod[];
  /** Whether each use of a refresh token replaces it (RFC 9700 §4.14.2). */
  readonly rotateRefreshTokens: boolean;
  /** The algorithms an ID token may be signed with; the first is the default. */
  readonly idTokenAlgorithms: readonly SigningAlgorithm[];
}

/**
 * The security profiles a client can be registered with.
 *
 * `oauth2.1` is the default; `oidc` serves plain OpenID Connect clients that know no PKCE.
 */
export const SECURITY_PROFILES = {
  'oauth2.1': {
    pkce: 'required',
    clientAuthentication: ['none', 'client_secret_basic', 'client_secret_post'],
    rotateRefreshTokens: true,
    idTokenAlgorithms: ['RS256', 'ES256'],
  },
  oidc: {
    pkce: 'required-for-public-clients',
    clientAuthentication: ['none', 'client_secret_basic', 'client_secret_post'],
    rotateRefreshTokens: true,
    idTokenAlgorithms: ['RS256', 'ES256'],
  },
} as const satisfies Record<string, SecurityProfile>;

export type SecurityProfileName = keyof typeof SECURITY_PROFILES;
