import type { AccessTokenClaims, Confirmation } from '@trefoil/oauth-protocol';
import { checkOrigins } from './check-origins.js';
import type { GuardsOptions } from '../guards-options.js';
import { InvalidTokenError } from './invalid-token-error.js';

/** Seconds that the issuer's clock may differ from ours, in either direction: `exp`, `iat` and `nbf` may be off by them. */
export const CLOCK_TOLERANCE_SECONDS = 30;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isSeconds = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isAbsentOrText = (value: unknown): value is string | undefined => value === undefined || isText(value);

/**
 * Checks the claims of a token whose signature is the issuer's (RFC 9068 §2.2, §4).
 *
 * @param now Seconds since 1970.
 * @throws InvalidTokenError
 */
export function checkClaims(
  payload: Readonly<Record<string, unknown>>,
  { issuer, resource }: Pick<GuardsOptions, 'issuer' | 'resource'>,
  now: number,
): AccessTokenClaims {
  const { iss, sub, client_id, jti, iat, exp, nbf, scope = '', sid, grant_id, cnf } = payload;
  if (iss !== issuer) throw new InvalidTokenError('the token is from another issuer');
  if (!isOnly(resource, payload.aud)) throw new InvalidTokenError('the token is for another audience');
  if (!isSeconds(exp)) throw new InvalidTokenError('the token has no expiry (exp)');
  if (now >= exp + CLOCK_TOLERANCE_SECONDS) throw new InvalidTokenError('the token has expired');
  if (!isSeconds(iat)) throw new InvalidTokenError('the token has no time of issue (iat)');
  if (now < iat - CLOCK_TOLERANCE_SECONDS) throw new InvalidTokenError('the token was issued in the future');
  if (nbf !== undefined && !(isSeconds(nbf) && now >= nbf - CLOCK_TOLERANCE_SECONDS)) {
    throw new InvalidTokenError('the token is not valid yet');
  }
  if (!isText(sub)) throw new InvalidTokenError('the token has no subject (sub)');
  if (!isText(client_id)) throw new InvalidTokenError('the token has no client (client_id)');
  if (!isText(jti)) throw new InvalidTokenError('the token has no id (jti)');
  if (typeof scope !== 'string') throw new InvalidTokenError('the scope of the token is not a text');
  if (!isAbsentOrText(sid)) throw new InvalidTokenError('the session of the token is not a text (sid)');
  if (!isAbsentOrText(grant_id)) throw new InvalidTokenError('the grant of the token is not a text (grant_id)');
  return {
    ...payload,
    ...checkOrigins(payload),
    iss,
    aud: resource,
    sub,
    client_id,
    jti,
    iat,
    exp,
    scope,
    sid,
    grant_id,
    cnf: readCnf(cnf),
  };
}

/** One audience and no other: a token for several could be replayed by one of them at the next (RFC 9068 §5). */
const isOnly = (resource: string, aud: unknown): boolean =>
  aud === resource || (Array.isArray(aud) && aud.length === 1 && aud[0] === resource);

/** A token that is bound in a way unknown here is refused: nobody could check it (RFC 7800 §3.1). */
function readCnf(cnf: unknown): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  const members = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : [];
  const [[name, jkt] = [], ...more] = members;
  if (name !== 'jkt' || !isText(jkt) || more.length > 0) {
    throw new InvalidTokenError('the token is bound in a way that is not supported (cnf)');
  }
  return { jkt };
}
