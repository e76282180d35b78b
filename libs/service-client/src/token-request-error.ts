import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { ServiceUnavailable, TokenRequestRefused, UnexpectedResponse } from './errors.js';

/** Returns the error to throw for an error of the OAuth library, in a request for a token or for introspection. */
export async function tokenRequestError(error: unknown): Promise<Error> {
  if (error instanceof ResponseBodyError) {
    return new TokenRequestRefused(error.error, error.error_description, { cause: error });
  }
  // For a 401 with a challenge, the library does not read the body, which contains the OAuth error (RFC 6749 §5.2).
  if (error instanceof WWWAuthenticateChallengeError) {
    const body: unknown = await error.response.json().catch(() => undefined);
    const code = textOf(body, 'error') ?? 'invalid_client';
    return new TokenRequestRefused(code, textOf(body, 'error_description'), { cause: error });
  }
  return (
    unavailabilityIn(error) ?? new UnexpectedResponse('the provider sent an unexpected response', { cause: error })
  );
}

/** Returns the ServiceUnavailable error among the causes of an error. The library wraps the errors of its `fetch`. */
function unavailabilityIn(error: unknown): ServiceUnavailable | undefined {
  if (error instanceof ServiceUnavailable) return error;
  return error instanceof Error && error.cause !== undefined ? unavailabilityIn(error.cause) : undefined;
}

function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
