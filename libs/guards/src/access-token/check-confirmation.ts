import { type AccessTokenClaims, equalInConstantTime } from '@trefoil/oauth-protocol';
import { InvalidTokenError } from './invalid-token-error.js';

/**
 * Checks that a token is bound to the key whose proof came with it, and to none when none came (RFC 9449 §7.1).
 *
 * @throws InvalidTokenError
 */
export function checkConfirmation({ cnf }: Pick<AccessTokenClaims, 'cnf'>, jkt: string | undefined): void {
  // Whoever stole a bound token must not get in by leaving out the proof (RFC 9449 §7.2).
  if (cnf && jkt === undefined) {
    throw new InvalidTokenError('the token is bound to a key, and is not taken as a bearer token');
  }
  if (jkt === undefined) return;
  if (cnf?.jkt === undefined) throw new InvalidTokenError('the token is a bearer token, and is not bound to a key');
  if (!equalInConstantTime(cnf.jkt, jkt)) {
    throw new InvalidTokenError('the token is bound to another key than that of the DPoP proof');
  }
}
