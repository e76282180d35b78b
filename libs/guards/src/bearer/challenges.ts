import {
  type AccessTokenClaims,
  accessTokenTypeOf,
  bearerChallenge,
  type ChallengeParameters,
  dpopChallenge,
} from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { ACCEPTED_ALGORITHMS } from '../verification-keys/accepted-algorithms.js';

const HOW_TO_SEND = 'Send an access token in the header `Authorization: Bearer <token>`.';

/** Returns the error for a malformed Authorization header: 400 `invalid_request` (RFC 6750 §3.1). */
export function malformedHeader(realm: string): ProblemError {
  const error_description = 'the Authorization header is malformed';
  const challenge = bearerChallenge({ realm, error: 'invalid_request', error_description });
  return challengeError(400, 'Bad Request', `The Authorization header is malformed. ${HOW_TO_SEND}`, challenge);
}

/**
 * Returns the error for a missing or invalid token: 401 with the challenge of the strategy (RFC 6750 §3). The challenge to
 * a request without a token names the scheme and no error code (RFC 6750 §3.1).
 */
export function unauthorized(challenge: string): ProblemError {
  const description = /error_description="([^"]*)"/.exec(challenge)?.[1];
  return challengeError(401, 'Unauthorized', description ? sentence(description) : HOW_TO_SEND, challenge);
}

/** Returns the error for a valid token that may not call the route: 403 `insufficient_scope` (RFC 6750 §3.1). */
export function insufficientScope(
  claims: Pick<AccessTokenClaims, 'cnf'>,
  parameters: ChallengeParameters & { error_description: string },
): ProblemError {
  const challenge = challengeTo(claims, { ...parameters, error: 'insufficient_scope' });
  return challengeError(403, 'Forbidden', sentence(parameters.error_description), challenge);
}

/** Returns a challenge in the scheme that the token is sent with, Bearer or DPoP (RFC 6750 §3, RFC 9449 §7.1). */
export const challengeTo = (claims: Pick<AccessTokenClaims, 'cnf'>, parameters: ChallengeParameters): string =>
  accessTokenTypeOf(claims) === 'DPoP'
    ? dpopChallenge({ ...parameters, algs: ACCEPTED_ALGORITHMS.join(' ') })
    : bearerChallenge(parameters);

const challengeError = (status: number, title: string, detail: string, challenge: string): ProblemError =>
  new ProblemError(status, title, { detail, headers: { 'WWW-Authenticate': challenge } });

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
