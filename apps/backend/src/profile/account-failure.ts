import { accountScopes } from '@trefoil/dto';
import { challengeTo, type GuardsOptions } from '@trefoil/guards';
import type { AccessTokenClaims, ChallengeParameters } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError, ProblemError } from '@trefoil/server-kit';
import { RequestRefused, ServiceUnavailable, TokenRequestRefused } from '@trefoil/service-client';

const TOKEN_NOT_ACCEPTED = ['invalid_grant', 'invalid_request'];
const NOT_ALLOWED = ['invalid_scope', 'access_denied'];
const SCOPE = accountScopes.read.name;

/** Formats the challenge to the caller. */
type Challenge = (parameters: ChallengeParameters) => string;

/**
 * Returns the error to answer when the provider did not return the account: 503, 401 or 403 with a challenge. Other errors
 * are returned unchanged, because they are faults of the backend.
 */
export function accountFailure(
  error: unknown,
  { realm, resourceMetadata }: Pick<GuardsOptions, 'realm' | 'resourceMetadata'>,
  claims: Pick<AccessTokenClaims, 'cnf'>,
): unknown {
  const challenge: Challenge = (parameters) =>
    challengeTo(claims, { realm, resource_metadata: resourceMetadata, ...parameters });
  if (error instanceof ServiceUnavailable) return new DependencyUnavailableError('provider', { cause: error });
  if (isRefusal(error, TOKEN_NOT_ACCEPTED, 401)) return tokenRevoked(challenge, error);
  if (isRefusal(error, NOT_ALLOWED, 403)) return accountNotAllowed(challenge, error);
  return error;
}

const isRefusal = (error: unknown, codes: readonly string[], status: number): boolean =>
  (error instanceof TokenRequestRefused && codes.includes(error.code)) ||
  (error instanceof RequestRefused && error.status === status);

/** Creates the answer for a token that is valid here and that the provider has revoked (RFC 6750 §3.1). */
function tokenRevoked(challenge: Challenge, cause: unknown): ProblemError {
  const error_description = 'the provider no longer accepts the token';
  return new ProblemError(401, 'Unauthorized', {
    detail: 'The provider no longer accepts the token. Sign in again.',
    headers: { 'WWW-Authenticate': challenge({ error: 'invalid_token', error_description }) },
    cause,
  });
}

function accountNotAllowed(challenge: Challenge, cause: unknown): ProblemError {
  const error_description = `the user has not allowed ${SCOPE}`;
  return new ProblemError(403, 'Forbidden', {
    detail: `The user has not allowed this application to read their account (${SCOPE}).`,
    headers: {
      'WWW-Authenticate': challenge({ error: 'insufficient_scope', error_description, scope: SCOPE }),
    },
    cause,
  });
}
