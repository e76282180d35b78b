import type { JWTPayload } from 'jose';
import { ClientJwtError } from './client-jwts.js';

/** The accepted difference between two clocks, in seconds. FAPI 2.0 requires to accept 10 and to refuse 60 (§5.3.2.1). */
export const CLOCK_TOLERANCE = 30;

/**
 * Checks `exp`, `nbf` and `iat` of a JWT of a client (RFC 7519 §4.1.4 – §4.1.6).
 *
 * @param now seconds since 1970.
 * @throws ClientJwtError when the JWT is not valid at that time.
 */
export function checkJwtTimes({ exp, nbf, iat }: JWTPayload, now = Math.floor(Date.now() / 1000)): void {
  for (const [name, time] of Object.entries({ exp, nbf, iat })) {
    if (time !== undefined && !Number.isFinite(time)) throw new ClientJwtError(`${name} must be a number of seconds`);
  }
  if (exp !== undefined && exp <= now - CLOCK_TOLERANCE) throw new ClientJwtError('it has expired');
  if (nbf !== undefined && nbf > now + CLOCK_TOLERANCE) throw new ClientJwtError('nbf lies in the future');
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE) throw new ClientJwtError('iat lies in the future');
}
