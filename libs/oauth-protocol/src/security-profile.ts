import type { ClientAuthenticationMethod } from './client-authentication-method.js';

/** A JOSE signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlgorithm = 'ES256' | 'PS256' | 'RS256' | 'EdDSA';

/** The security rules for a client. Each profile sets all of them. */
export interface SecurityProfile {
  /** Whether the server refuses an authorization request without PKCE. */
  readonly pkce: 'required' | 'required-for-public-clients';
  /** Whether an authorization request must be pushed (RFC 9126 §5). */
  readonly pushedRequest: 'required' | 'optional';
  /** The methods with which a client may authenticate. */
  readonly clientAuthentication: readonly ClientAuthenticationMethod[];
  /** Whether access tokens are bound to a key of the client: always, or only when the client asks for it. */
  readonly senderConstrained: 'required' | 'if-asked';
  /**
   * The accepted `aud` of a client assertion: the issuer (RFC 7523 §3), the issuer as a string and not in an array
   * (FAPI 2.0 §5.3.2.1), or also the endpoint for tokens or for pushed requests (OpenID Connect Core §9, RFC 9126 §2).
   */
  readonly assertionAudience: 'issuer' | 'issuer-or-endpoint' | 'issuer-as-string';
  /**
   * The maximum time in seconds between `nbf` and `exp` of a request object, and between `nbf` and now (FAPI 2.0
   * Message Signing §5.3.1). Null when both claims are optional (RFC 9101 §4).
   */
  readonly longestRequestObjectLife: number | null;
  /** Whether each use of a refresh token replaces it with a new one (RFC 9700 §4.14.2). */
  readonly rotateRefreshTokens: boolean;
  /** The maximum lifetime of an authorization code in seconds. */
  readonly longestCodeLifetime: number;
  /** The algorithms with which a client may sign assertions, request objects and DPoP proofs. */
  readonly algorithms: readonly SigningAlgorithm[];
  /** The algorithms with which the server may sign ID tokens and other JWTs for a client. The first is the default. */
  readonly idTokenAlgorithms: readonly SigningAlgorithm[];
}

const WITHOUT_SECRET = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const;
const EVERY_METHOD = ['none', 'client_secret_basic', 'client_secret_post', ...WITHOUT_SECRET] as const;

const TEN_MINUTES = 600;
const ONE_HOUR = 3600;

/**
 * The security profiles with which a client can be registered.
 *
 * - `oauth2.1` is the default.
 * - `oidc` is for OpenID Connect clients that do not support PKCE.
 * - `fapi2` is the FAPI 2.0 Security Profile (§5.3).
 */
export const SECURITY_PROFILES = {
  'oauth2.1': {
    pkce: 'required',
    pushedRequest: 'optional',
    clientAuthentication: EVERY_METHOD,
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
    clientAuthentication: EVERY_METHOD,
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
    clientAuthentication: WITHOUT_SECRET,
    senderConstrained: 'required',
    assertionAudience: 'issuer-as-string',
    longestRequestObjectLife: ONE_HOUR,
    rotateRefreshTokens: false,
    longestCodeLifetime: 60,
    algorithms: ['PS256', 'ES256', 'EdDSA'],
    idTokenAlgorithms: ['ES256', 'PS256', 'EdDSA'],
  },
} as const satisfies Record<string, SecurityProfile>;

/** The name of a security profile. */
export type SecurityProfileName = keyof typeof SECURITY_PROFILES;

/** Returns the policy of a security profile. */
export const securityProfile = (name: SecurityProfileName): SecurityProfile => SECURITY_PROFILES[name];
