import {
  type AccessTokenClaims,
  accessTokenTypeOf,
  bearerChallenge,
  type ChallengeParameters,
  dpopChallenge,
} from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { ACCEPTED_ALGORITHMS } from '../verification-keys/accepted-algorithms.js';

const HOW_TO_SEND = 'Send an access token in the Authorization header: Bearer, a space, the token.';

const refusal = (status: number, title: string, detail: string, challenge: string): ProblemError =>
  new ProblemError(status, title, { detail, headers: { 'WWW-Authenticate': challenge } });

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** The header is there, but is no bearer credentials: 400 (RFC 6750 §3.1). */
export function malformedHeader(realm: string): ProblemError {
  const error_description = 'the Authorization header is malformed';
  const challenge = bearerChallenge({ realm, error: 'invalid_request', error_description });
  return refusal(400, 'Bad Request', `The Authorization header is malformed. ${HOW_TO_SEND}`, challenge);
}

/**
 * No token, or one that is not valid: 401 with the challenge that the strategy wrote (RFC 6750 §3).
 *
 * Who sent none learns the scheme and no error code (RFC 6750 §3.1).
 */
export function unauthorized(challenge: string): ProblemError {
  const description = /error_description="([^"]*)"/.exec(challenge)?.[1];
  return refusal(401, 'Unauthorized', description ? sentence(description) : HOW_TO_SEND, challenge);
}

/** The token is valid, and does not open this route: 403 (RFC 6750 §3.1). */
export function insufficientScope(
  claims: Pick<AccessTokenClaims, 'cnf'>,
  parameters: ChallengeParameters & { error_description: string },
): ProblemError {
  const challenge = challengeTo(claims, { ...parameters, error: 'insufficient_scope' });
  return refusal(403, 'Forbidden', sentence(parameters.error_description), challenge);
}

/** The challenge to whoever came with a token: in the scheme in which that token is sent (RFC 6750 §3, RFC 9449 §7.1). */
export const challengeTo = (claims: Pick<AccessTokenClaims, 'cnf'>, parameters: ChallengeParameters): string =>
  accessTokenTypeOf(claims) === 'DPoP'
    ? dpopChallenge({ ...parameters, algs: ACCEPTED_ALGORITHMS.join(' ') })
    : bearerChallenge(parameters);
