import { DependencyUnavailableError } from '@trefoil/server-kit';
import * as client from 'openid-client';

/** What pages call the provider when it cannot be reached. */
export const SIGN_IN_SERVICE = 'sign-in service';

/** The provider says `invalid_grant`: the session it stood for is over (RFC 6749 §5.2). */
export class RefreshRefusedError extends Error {
  override readonly name = 'RefreshRefusedError';
}

/** A sign-in came back without a result: an error of the provider, or an answer that fails a check. */
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

export const providerUnavailable = (cause: unknown): DependencyUnavailableError =>
  new DependencyUnavailableError(SIGN_IN_SERVICE, { cause });

/** Whether the provider said `invalid_grant`. */
export const isInvalidGrant = (error: unknown): boolean =>
  error instanceof client.ResponseBodyError && error.error === 'invalid_grant';

/** Whether the connection broke before an answer came; the request may or may not have done its work. */
export function isBrokenConnection(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // The name that the fetch standard has for this; where it comes from is no class to be compared with.
  if ('message' in error && error.message === 'fetch failed') return true;
  return 'cause' in error && isBrokenConnection(error.cause);
}

/** What a failed sign-in means to the person: refused, with a code, or not possible at the moment. */
export function signInErrorOf(error: unknown): Error {
  if (error instanceof client.AuthorizationResponseError) return new SignInRefusedError(error.error, { cause: error });
  if (isInvalidGrant(error)) return new SignInRefusedError('invalid_grant', { cause: error });
  return failedCheck(error) ? new SignInRefusedError('invalid_response', { cause: error }) : providerUnavailable(error);
}

const CHECKS = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

const failedCheck = (error: unknown): boolean =>
  error instanceof client.ClientError && error.code !== undefined && CHECKS.has(error.code);
