import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { ServiceUnavailable, TokenRequestRefused, UnexpectedResponse } from './errors.js';

/** What a failed token request means to its caller. */
export async function tokenFailure(error: unknown): Promise<Error> {
  if (error instanceof ResponseBodyError) {
    return new TokenRequestRefused(error.error, error.error_description, { cause: error });
  }
  // A 401 with a challenge: the OAuth error is in the body that the library did not read (RFC 6749 §5.2).
  if (error instanceof WWWAuthenticateChallengeError) {
    const body: unknown = await error.response.json().catch(() => undefined);
    const code = textOf(body, 'error') ?? 'invalid_client';
    return new TokenRequestRefused(code, textOf(body, 'error_description'), { cause: error });
  }
  return (
    unavailabilityIn(error) ?? new UnexpectedResponse('the provider answered something unexpected', { cause: error })
  );
}

/** The library wraps what its `fetch` throws. */
function unavailabilityIn(error: unknown): ServiceUnavailable | undefined {
  if (error instanceof ServiceUnavailable) return error;
  return error instanceof Error && error.cause !== undefined ? unavailabilityIn(error.cause) : undefined;
}

function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
