import { DependencyUnavailableError, ProblemError } from '@trefoil/server-kit';
import * as client from 'openid-client';

/** The name of the provider in texts for users. */
const SIGN_IN_SERVICE = 'sign-in service';
const RETRY_AFTER_SECONDS = '5';

/** The provider refused a refresh token with `invalid_grant`, so the session is over (RFC 6749 §5.2). */
export class RefreshRefusedError extends Error {
  override readonly name = 'RefreshRefusedError';
}

/** 403: the grant of a session does not include an API (`invalid_target`, RFC 8707 §2.2). A new sign-in may add it. */
export class ApiNotGrantedError extends ProblemError {
  override readonly name = 'ApiNotGrantedError';

  constructor(options: { cause?: unknown } = {}) {
    super(403, 'Forbidden', {
      detail: 'Your sign-in does not include access to this service. Sign in again to add it.',
      ...options,
    });
  }
}

/** A sign-in failed: the provider answered with an error, or its answer did not pass a check. */
export class SignInRefusedError extends Error {
  override readonly name = 'SignInRefusedError';

  constructor(
    /** The provider's error code (RFC 6749 §4.1.2.1), `invalid_grant`, or `invalid_response`. */
    readonly code: string,
    options: { cause?: unknown } = {},
  ) {
    super(`the sign-in was refused: ${code}`, options);
  }
}

/** 503: the provider is down or busy. Passes on its `Retry-After`. */
class ProviderUnavailableError extends DependencyUnavailableError {
  override readonly headers: Readonly<Record<string, string>>;

  constructor(cause: unknown) {
    super(SIGN_IN_SERVICE, { cause });
    const retryAfter = retryAfterIn(cause);
    this.headers = { 'Retry-After': retryAfter ?? RETRY_AFTER_SECONDS };
  }
}

export const providerUnavailable = (cause: unknown): DependencyUnavailableError => new ProviderUnavailableError(cause);

/** Returns the seconds in the `Retry-After` of the response that an error of openid-client carries. */
function retryAfterIn(error: unknown): string | undefined {
  if (error instanceof Response) return /^[1-9]\d{0,4}$/.exec(error.headers.get('Retry-After') ?? '')?.[0];
  if (error instanceof client.ResponseBodyError) return retryAfterIn(error.response);
  return error instanceof Error ? retryAfterIn(error.cause) : undefined;
}

const isInvalidGrant = (error: unknown): boolean => hasCode(error, 'invalid_grant');

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof client.ResponseBodyError && error.error === code;

/** Translates an error of openid-client from a refresh. */
export function toRefreshError(error: unknown): Error {
  if (isInvalidGrant(error)) return new RefreshRefusedError('invalid_grant', { cause: error });
  return hasCode(error, 'invalid_target') ? new ApiNotGrantedError({ cause: error }) : providerUnavailable(error);
}

/** Returns whether the connection broke before an answer came. The provider may or may not have processed the request. */
export function isBrokenConnection(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // The fetch standard fixes this message. There is no error class to compare with.
  if ('message' in error && error.message === 'fetch failed') return true;
  return 'cause' in error && isBrokenConnection(error.cause);
}

/** Translates an error of openid-client into {@link SignInRefusedError} or {@link DependencyUnavailableError}. */
export function toSignInError(error: unknown): Error {
  if (error instanceof client.AuthorizationResponseError) return new SignInRefusedError(error.error, { cause: error });
  if (isInvalidGrant(error)) return new SignInRefusedError('invalid_grant', { cause: error });
  return isFailedCheck(error)
    ? new SignInRefusedError('invalid_response', { cause: error })
    : providerUnavailable(error);
}

/** The error codes of openid-client for an answer that did not pass a check. */
const FAILED_CHECKS = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

const isFailedCheck = (error: unknown): boolean =>
  error instanceof client.ClientError && error.code !== undefined && FAILED_CHECKS.has(error.code);
