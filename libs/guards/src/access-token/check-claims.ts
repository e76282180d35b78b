import type { AccessTokenClaims, Confirmation, TokenOrigin } from '@trefoil/oauth-protocol';
import type { Payload } from './claim-paths.js';
import type { DialectReader } from './token-dialect.js';
import { InvalidTokenError } from './verified-access-token.js';

/** Seconds by which the issuer's clock may differ from ours in either direction. Applies to `exp`, `iat` and `nbf`. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** The issuer and the audience that the claims of a token must name. */
export interface ExpectedClaims {
  readonly issuer: string;
  readonly audience: string;
  readonly dialect: DialectReader;
}

/**
 * Checks the claims of a token whose signature has been verified, and returns them (RFC 9068 §2.2, §4).
 *
 * @param now Seconds since 1970.
 * @throws InvalidTokenError
 */
export function checkClaims(
  payload: Payload,
  { issuer, audience, dialect }: ExpectedClaims,
  now: number,
): AccessTokenClaims {
  const { iss, sub, client_id, jti, iat, exp, nbf, scope = '', sid, grant_id, cnf } = payload;
  if (iss !== issuer) throw new InvalidTokenError('the token is from another issuer');
  if (!dialect.acceptsAudience(payload.aud, audience)) throw new InvalidTokenError('the token is for another audience');
  if (!isSeconds(exp)) throw new InvalidTokenError('the token has no expiry (exp)');
  if (now >= exp + CLOCK_TOLERANCE_SECONDS) throw new InvalidTokenError('the token has expired');
  if (!isSeconds(iat)) throw new InvalidTokenError('the token has no time of issue (iat)');
  if (now < iat - CLOCK_TOLERANCE_SECONDS) throw new InvalidTokenError('the token was issued in the future');
  if (nbf !== undefined && !(isSeconds(nbf) && now >= nbf - CLOCK_TOLERANCE_SECONDS)) {
    throw new InvalidTokenError('the token is not valid yet');
  }
  if (!isNonEmptyString(sub)) throw new InvalidTokenError('the token has no subject (sub)');
  if (!isNonEmptyString(client_id)) throw new InvalidTokenError('the token has no client (client_id)');
  if (!isNonEmptyString(jti)) throw new InvalidTokenError('the token has no id (jti)');
  if (typeof scope !== 'string') throw new InvalidTokenError('the scope of the token is not a string');
  if (!isOptionalString(sid)) throw new InvalidTokenError('the session of the token is not a string (sid)');
  if (!isOptionalString(grant_id)) throw new InvalidTokenError('the grant of the token is not a string (grant_id)');
  return {
    ...payload,
    ...checkOrigins(payload),
    iss,
    aud: audience,
    sub,
    client_id,
    jti,
    iat,
    exp,
    scope,
    sid,
    grant_id,
    cnf: checkCnf(cnf),
  };
}

const isNonEmptyString = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || isNonEmptyString(value);
const isSeconds = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The confirmation methods that can be checked here: a DPoP key and a client certificate (RFC 9449 §6.1, RFC 8705 §3.1). */
const CONFIRMATION_METHODS = ['jkt', 'x5t#S256'] as const;

/** Refuses every other confirmation method, because it would not be checked (RFC 7800 §3.1). A token has one of them. */
function checkCnf(cnf: unknown): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  const members = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : [];
  const [[name, thumbprint] = [], ...more] = members;
  const method = CONFIRMATION_METHODS.find((known) => known === name);
  if (!method || !isNonEmptyString(thumbprint) || more.length > 0) {
    throw new InvalidTokenError('the token is bound in a way that is not supported (cnf)');
  }
  return { [method]: thumbprint };
}

/** Checks the claims that revocations are matched with. If a malformed one were ignored, the token could not be revoked. */
function checkOrigins({
  client_generation,
  origins,
}: Payload): Pick<TokenOrigin, 'client_generation'> & { origins?: readonly TokenOrigin[] } {
  if (!isGeneration(client_generation)) {
    throw new InvalidTokenError('the client generation of the token is not an integer (client_generation)');
  }
  if (origins !== undefined && !(Array.isArray(origins) && origins.every(isOrigin))) {
    throw new InvalidTokenError('the origins of the token are malformed (origins)');
  }
  return { ...(client_generation !== undefined && { client_generation }), ...(origins && { origins }) };
}

const isGeneration = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isSafeInteger(value));

function isOrigin(value: unknown): value is TokenOrigin {
  if (typeof value !== 'object' || value === null) return false;
  const { jti, client_id, client_generation } = value as Record<string, unknown>;
  return typeof jti === 'string' && typeof client_id === 'string' && isGeneration(client_generation);
}
