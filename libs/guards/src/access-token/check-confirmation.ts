import { type AccessTokenClaims, type Confirmation, equalInConstantTime } from '@trefoil/oauth-protocol';
import { InvalidTokenError } from './verified-access-token.js';

/**
 * Checks that the request proves the key or the certificate to which a token is bound, and that a token is bound to the key
 * of a DPoP proof when the request has one (RFC 9449 §7.1, RFC 8705 §3).
 *
 * @param proven the key and the certificate that the request proves.
 * @throws InvalidTokenError
 */
export function checkConfirmation({ cnf = {} }: Pick<AccessTokenClaims, 'cnf'>, proven: Confirmation): void {
  checkKey(cnf.jkt, proven.jkt);
  const certificate = cnf['x5t#S256'];
  if (certificate === undefined) return;
  if (proven['x5t#S256'] === undefined) {
    throw new InvalidTokenError('the token is bound to a client certificate, and the connection has none');
  }
  if (!equalInConstantTime(certificate, proven['x5t#S256'])) {
    throw new InvalidTokenError('the token is bound to a different certificate than that of the connection');
  }
}

function checkKey(bound: string | undefined, proven: string | undefined): void {
  // Otherwise a thief could use a bound token by omitting the proof (RFC 9449 §7.2).
  if (bound !== undefined && proven === undefined) {
    throw new InvalidTokenError('the token is bound to a key, and is not accepted as a bearer token');
  }
  if (proven === undefined) return;
  if (bound === undefined) throw new InvalidTokenError('the token is a bearer token, and is not bound to a key');
  if (!equalInConstantTime(bound, proven)) {
    throw new InvalidTokenError('the token is bound to a different key than the DPoP proof');
  }
}
