/** What an {@link OAuthError} may carry beside its code. */
export interface OAuthErrorOptions {
  /** HTTP status of a direct answer; an authorization response carries the error in a redirect instead. */
  status?: number;
  /** Extra response headers, such as `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** What only the log may say. */
  cause?: unknown;
}

/**
 * An error answer of an OAuth endpoint: a registered code and a description for the developer who reads it
 * (RFC 6749 §4.1.2.1, §5.2).
 *
 * The description is public: it names what is wrong with the request and nothing of the server's inside.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: string,
    readonly description: string,
    options: OAuthErrorOptions = {},
  ) {
    super(`${code}: ${description}`, { cause: options.cause });
    this.status = options.status ?? 400;
    this.headers = options.headers ?? {};
  }

  /** The JSON body of RFC 6749 §5.2. */
  toBody(): { error: string; error_description: string } {
    return { error: this.code, error_description: this.description };
  }
}

const factory =
  (code: string, status = 400) =>
  (description: string, options: OAuthErrorOptions = {}): OAuthError =>
    new OAuthError(code, description, { status, ...options });

/** A parameter is missing, repeated, malformed or contradicts another (RFC 6749 §4.1.2.1, §5.2). */
export const invalidRequest = factory('invalid_request');
/** The code, refresh token or subject token is unknown, expired, revoked or somebody else's (RFC 6749 §5.2). */
export const invalidGrant = factory('invalid_grant');
/** The client is registered, but not for this grant or response type (RFC 6749 §5.2). */
export const unauthorizedClient = factory('unauthorized_client');
/** The server does not offer this grant type (RFC 6749 §5.2). */
export const unsupportedGrantType = factory('unsupported_grant_type');
/** The server does not offer this response type (RFC 6749 §4.1.2.1). */
export const unsupportedResponseType = factory('unsupported_response_type');
/** A scope is unknown, or the client or grant does not have it (RFC 6749 §5.2). */
export const invalidScope = factory('invalid_scope');
/** The resource or audience is unknown, or not open to this client (RFC 8707 §2, RFC 8693 §2.2.2). */
export const invalidTarget = factory('invalid_target');
/** The person or the server said no (RFC 6749 §4.1.2.1). */
export const accessDenied = factory('access_denied', 403);
/** The person has not answered yet; the device may ask again (RFC 8628 §3.5). */
export const authorizationPending = factory('authorization_pending');
/** The person has not answered yet, and the device asks too often: it must wait longer (RFC 8628 §3.5). */
export const slowDown = factory('slow_down');
/** The device code has expired before the person answered (RFC 8628 §3.5). */
export const expiredToken = factory('expired_token');
/** There were too many such requests for now (RFC 6749 §4.1.2.1, RFC 9126 §2.3). */
export const temporarilyUnavailable = factory('temporarily_unavailable', 429);
/** Nobody is signed in and no page may be shown (OpenID Connect Core §3.1.2.6). */
export const loginRequired = factory('login_required');
/** The class of authentication that is asked for cannot be reached (OpenID Connect Core §5.5.1.1, Unmet Requirements §2). */
export const unmetAuthenticationRequirements = factory('unmet_authentication_requirements');
/** Consent is missing and no page may be shown (OpenID Connect Core §3.1.2.6). */
export const consentRequired = factory('consent_required');
/** A client cannot register along with a request (OpenID Connect Core §3.1.2.6). */
export const registrationNotSupported = factory('registration_not_supported');
/** Request objects passed by reference are not accepted (OpenID Connect Core §3.1.2.6). */
export const requestUriNotSupported = factory('request_uri_not_supported');
/** The request object is malformed, not signed by the client or not for this server (RFC 9101 §7). */
export const invalidRequestObject = factory('invalid_request_object');
/** The `request_uri` is unknown, has expired or belongs to another client (RFC 9101 §7, RFC 9126 §2.2). */
export const invalidRequestUri = factory('invalid_request_uri');
/** A redirect URI of a registration is not one that may be registered (RFC 7591 §3.2.2). */
export const invalidRedirectUri = factory('invalid_redirect_uri');
/** A member of a registration is malformed, contradicts another or is not offered (RFC 7591 §3.2.2). */
export const invalidClientMetadata = factory('invalid_client_metadata');
/** The software statement of a registration is malformed (RFC 7591 §3.2.2). */
export const invalidSoftwareStatement = factory('invalid_software_statement');
/** The software statement of a registration comes from nobody this server trusts (RFC 7591 §3.2.2). */
export const unapprovedSoftwareStatement = factory('unapproved_software_statement');

/**
 * Client authentication failed, whatever the reason: one answer for all, so that it tells nothing about which clients
 * exist (RFC 6749 §5.2). With HTTP Basic the answer names the scheme.
 */
export const invalidClient = (description: string, options: OAuthErrorOptions = {}): OAuthError =>
  new OAuthError('invalid_client', description, {
    status: 401,
    ...options,
    headers: { 'WWW-Authenticate': 'Basic realm="token", charset="UTF-8"', ...options.headers },
  });
