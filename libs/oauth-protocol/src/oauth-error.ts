import { wireText } from './wire-text.js';

/** The optional parts of an {@link OAuthError}. */
export interface OAuthErrorOptions {
  /** The HTTP status of a direct response. A redirect that carries the error ignores it. */
  status?: number;
  /** Extra response headers, such as `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** The reason for the log. It is never sent to the client. */
  cause?: unknown;
}

/**
 * An error response of an OAuth endpoint: a registered error code and a description for the developer of the client
 * (RFC 6749 §4.1.2.1, §5.2).
 *
 * The description is public. It says what is wrong with the request and reveals nothing about the internals of the
 * server.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly headers: Record<string, string>;

  /** Holds only the characters that may be sent, see {@link wireText}. */
  readonly description: string;

  constructor(
    readonly code: string,
    description: string,
    options: OAuthErrorOptions = {},
  ) {
    super(`${code}: ${wireText(description)}`, { cause: options.cause });
    this.description = wireText(description);
    this.status = options.status ?? 400;
    this.headers = options.headers ?? {};
  }

  /** Returns the JSON body of an error response (RFC 6749 §5.2). */
  toBody(): { error: string; error_description: string } {
    return { error: this.code, error_description: this.description };
  }
}

const factory =
  (code: string, status = 400) =>
  (description: string, options: OAuthErrorOptions = {}): OAuthError =>
    new OAuthError(code, description, { status, ...options });

/** A parameter is missing, repeated or malformed, or it contradicts another one (RFC 6749 §4.1.2.1, §5.2). */
export const invalidRequest = factory('invalid_request');
/**
 * The code, refresh token or subject token is unknown, expired, revoked or issued to another client (RFC 6749 §5.2).
 */
export const invalidGrant = factory('invalid_grant');
/** The client is registered, but not for this grant type or response type (RFC 6749 §5.2). */
export const unauthorizedClient = factory('unauthorized_client');
/** The server does not offer this grant type (RFC 6749 §5.2). */
export const unsupportedGrantType = factory('unsupported_grant_type');
/** The server does not offer this response type (RFC 6749 §4.1.2.1). */
export const unsupportedResponseType = factory('unsupported_response_type');
/** A scope is malformed or unknown, or the client or the grant does not have it (RFC 6749 §5.2). */
export const invalidScope = factory('invalid_scope');
/** The resource or audience is unknown, or the client may not use it (RFC 8707 §2, RFC 8693 §2.2.2). */
export const invalidTarget = factory('invalid_target');
/** The user or the server denied the request (RFC 6749 §4.1.2.1). */
export const accessDenied = factory('access_denied', 403);
/** The user has not answered yet, and the device continues to poll (RFC 8628 §3.5). */
export const authorizationPending = factory('authorization_pending');
/** The user has not answered yet, and the device must increase its polling interval (RFC 8628 §3.5). */
export const slowDown = factory('slow_down');
/** The device code expired before the user answered (RFC 8628 §3.5). */
export const expiredToken = factory('expired_token');
/** No user is signed in, and the request forbids showing a page (OpenID Connect Core §3.1.2.6). */
export const loginRequired = factory('login_required');
/**
 * The server cannot provide the requested `acr` (OpenID Connect Core §5.5.1.1, Unmet Authentication Requirements §2).
 */
export const unmetAuthenticationRequirements = factory('unmet_authentication_requirements');
/** The user has not consented, and the request forbids showing a page (OpenID Connect Core §3.1.2.6). */
export const consentRequired = factory('consent_required');
/** The `registration` parameter is not supported (OpenID Connect Core §3.1.2.6). */
export const registrationNotSupported = factory('registration_not_supported');
/** The server does not fetch request objects by reference (OpenID Connect Core §3.1.2.6). */
export const requestUriNotSupported = factory('request_uri_not_supported');
/** The request object is malformed, not signed by the client or intended for another server (RFC 9101 §7). */
export const invalidRequestObject = factory('invalid_request_object');
/** The `request_uri` is unknown, expired or issued to another client (RFC 9101 §7, RFC 9126 §2.2). */
export const invalidRequestUri = factory('invalid_request_uri');
/** A redirect URI in the client metadata is not allowed (RFC 7591 §3.2.2). */
export const invalidRedirectUri = factory('invalid_redirect_uri');
/** A value in the client metadata is malformed or unsupported, or it contradicts another one (RFC 7591 §3.2.2). */
export const invalidClientMetadata = factory('invalid_client_metadata');
/** The software statement in the client metadata is malformed (RFC 7591 §3.2.2). */
export const invalidSoftwareStatement = factory('invalid_software_statement');
/** The server does not trust the issuer of the software statement (RFC 7591 §3.2.2). */
export const unapprovedSoftwareStatement = factory('unapproved_software_statement');

/**
 * Client authentication failed (RFC 6749 §5.2). Every reason gets the same response, so that it does not reveal which
 * clients exist. The response names the HTTP Basic scheme in `WWW-Authenticate`.
 */
export const invalidClient = (description: string, options: OAuthErrorOptions = {}): OAuthError =>
  new OAuthError('invalid_client', description, {
    status: 401,
    ...options,
    headers: { 'WWW-Authenticate': 'Basic realm="token", charset="UTF-8"', ...options.headers },
  });
