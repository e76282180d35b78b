import { type AccessTokenClaims, equalInConstantTime } from '@trefoil/oauth-protocol';
import { InvalidTokenError } from './verified-access-token.js';

/**
 * Checks that a token is bound to the key of the DPoP proof in the request, or to no key when there is no proof
 * (RFC 9449 §7.1).
 *
 * @throws InvalidTokenError
 */
export function checkConfirmation({ cnf }: Pick<AccessTokenClaims, 'cnf'>, jkt: string | undefined): void {
  // Otherwise a thief could use a bound token by omitting the proof (RFC 9449 §7.2).
  if (cnf && jkt === undefined) {
    throw new InvalidTokenError('the token is bound to a key, and is not accepted as a bearer token');
  }
  if (jkt === undefined) return;
  if (cnf?.jkt === undefined) throw new InvalidTokenError('the token is a bearer token, and is not bound to a key');
  if (!equalInConstantTime(cnf.jkt, jkt)) {
    throw new InvalidTokenError('the token is bound to a different key than the DPoP proof');
  }
}
