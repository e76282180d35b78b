/**
 * How a client proves who it is at the token endpoint (RFC 7591 §2, OpenID Connect Core §9). `tls_client_auth` and
 * `self_signed_tls_client_auth` (RFC 8705 §2) have their place after `private_key_jwt`, here and in the table.
 */
export type ClientAuthenticationMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** A signature algorithm of JOSE (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlgorithm = 'ES256' | 'PS256' | 'RS256' | 'EdDSA';

/** What differs between clients of different trust, as one named policy. */
export interface SecurityProfile {
  /** Whether an authorization request without PKCE is refused. */
  readonly pkce: 'required' | 'required-for-public-clients';
  /** Whether an authorization request must be pushed (RFC 9126 §5). */
  readonly pushedRequest: 'required' | 'optional';
  readonly clientAuthentication: readonly ClientAuthenticationMethod[];
  /** Whether access tokens are bound to a key of the client: always, or for clients that ask for it. */
  readonly senderConstrained: 'required' | 'if-asked';
  /**
   * What the `aud` of a client assertion may be; the issuer alone leaves no doubt (RFC 7523 §3), as a string and not as a
   * list least of all (FAPI 2.0 §5.3.2.1). The endpoints are those for tokens and for pushed requests (OpenID Connect
   * Core §9, RFC 9126 §2).
   */
  readonly assertionAudience: 'issuer' | 'issuer-or-endpoint' | 'issuer-as-string';
  /**
   * The most seconds between `nbf` and `exp` of a signed request, and since its `nbf` (FAPI 2.0 Message Signing §5.3.1);
   * null when it may leave them out (RFC 9101 §4).
   */
  readonly longestRequestObjectLife: number | null;
  /** Whether each use of a refresh token replaces it (RFC 9700 §4.14.2). */
  readonly rotateRefreshTokens: boolean;
  /** The most seconds an authorization code may live. */
  readonly longestCodeLifetime: number;
  /** The algorithms with which a client may sign what it sends: assertions, request objects, proofs. */
  readonly algorithms: readonly SigningAlgorithm[];
  /** The algorithms that what is signed for a client may have, ID tokens foremost; the first is the default. */
  readonly idTokenAlgorithms: readonly SigningAlgorithm[];
}

const TEN_MINUTES = 600;
const ONE_HOUR = 3600;

/**
 * The security profiles a client can be registered with.
 *
 * `oauth2.1` is the default; `oidc` serves plain OpenID Connect clients that know no PKCE; `fapi2` is the FAPI 2.0
 * Security Profile (§5.3).
 */
export const SECURITY_PROFILES = {
  'oauth2.1': {
    pkce: 'required',
    pushedRequest: 'optional',
    clientAuthentication: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    senderConstrained: 'if-asked',
    assertionAudience: 'issuer',
    longestRequestObjectLife: null,
    rotateRefreshTokens: true,
    longestCodeLifetime: TEN_MINUTES,
    algorithms: ['ES256', 'PS256', 'RS256', 'EdDSA'],
    idTokenAlgorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  },
  oidc: {
    pkce: 'required-for-public-clients',
    pushedRequest: 'optional',
    clientAuthentication: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    senderConstrained: 'if-asked',
    assertionAudience: 'issuer-or-endpoint',
    longestRequestObjectLife: null,
    rotateRefreshTokens: true,
    longestCodeLifetime: TEN_MINUTES,
    algorithms: ['ES256', 'PS256', 'RS256', 'EdDSA'],
    idTokenAlgorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  },
  fapi2: {
    pkce: 'required',
    pushedRequest: 'required',
    clientAuthentication: ['private_key_jwt'],
    senderConstrained: 'required',
    assertionAudience: 'issuer-as-string',
    longestRequestObjectLife: ONE_HOUR,
    rotateRefreshTokens: false,
    longestCodeLifetime: 60,
    algorithms: ['PS256', 'ES256', 'EdDSA'],
    idTokenAlgorithms: ['ES256', 'PS256', 'EdDSA'],
  },
} as const satisfies Record<string, SecurityProfile>;

export type SecurityProfileName = keyof typeof SECURITY_PROFILES;

/** The policy of a profile, by its name. */
export const securityProfile = (name: SecurityProfileName): SecurityProfile => SECURITY_PROFILES[name];
