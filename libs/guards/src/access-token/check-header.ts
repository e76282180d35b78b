import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { isAcceptedAlgorithm } from '../verification-keys/accepted-algorithms.js';
import { DialectReader } from './token-dialect.js';
import { InvalidTokenError } from './verified-access-token.js';

/**
 * Checks the header of an access token and returns the key id and the algorithm that it names (RFC 9068 §2.1, §4).
 *
 * @throws InvalidTokenError
 */
export function checkHeader(token: string, dialect = new DialectReader()): { kid: string; alg: SigningAlgorithm } {
  const { alg, typ, kid, crit } = decode(token);
  if (!isAcceptedAlgorithm(alg)) throw new InvalidTokenError('the signature algorithm of the token is not accepted');
  if (!dialect.acceptsType(typ)) throw new InvalidTokenError('the token is not an access token (typ)');
  if (crit !== undefined) throw new InvalidTokenError('the token demands an extension that is not supported');
  if (typeof kid !== 'string') throw new InvalidTokenError('the token does not name its key (kid)');
  return { kid, alg };
}

function decode(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw new InvalidTokenError('the token is not a signed JWT', { cause });
  }
}
