import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { KeyObject } from 'node:crypto';
import { OutboundError } from '../../outbound/outbound-fetcher.js';
import type { Client } from '../client.entity.js';
import { ClientKeys, type KeyProperties } from './client-keys.js';

/** The algorithms and types that are accepted for a JWT of a client. */
export interface ClientJwtRules {
  readonly algorithms: readonly SigningAlgorithm[];
  /** The accepted values of `typ`, in lower case. The header may always be absent. */
  readonly types: readonly string[];
}

/** Reports that a JWT of a client is refused. The message is meant for the client. */
export class ClientJwtError extends Error {
  override readonly name = 'ClientJwtError';
}

/** Headers that contain or locate a key. A signature with a key of the signer's choice proves nothing (RFC 8725 §3.10). */
const KEY_HEADERS = ['jwk', 'jku', 'x5u'];

/** Verifies the JWTs that clients sign: client assertions and request objects. */
@Injectable()
export class ClientJwts {
  constructor(private readonly keys: ClientKeys) {}

  /**
   * Verifies that a client signed a JWT with one of its registered keys, and returns the claims. The caller checks the
   * claims.
   *
   * @throws ClientJwtError when the JWT is refused or the keys cannot be fetched.
   */
  async verify(jwt: string, client: Pick<Client, 'jwks' | 'jwksUri'>, rules: ClientJwtRules): Promise<JWTPayload> {
    const properties = readHeader(jwt, rules);
    if (!client.jwks && client.jwksUri === null) throw new ClientJwtError('the client has registered no keys');
    try {
      const isVerified =
        (await verifies(jwt, await this.keys.find(client, properties))) ||
        (await verifies(jwt, await this.keys.findAgain(client, properties)));
      if (!isVerified) throw new ClientJwtError('the signature is not by a key that the client has registered');
    } catch (cause) {
      if (!(cause instanceof OutboundError)) throw cause;
      throw new ClientJwtError(`the keys at the jwks_uri of the client cannot be read: ${cause.message}`, { cause });
    }
    return readClaims(jwt);
  }
}

/**
 * Returns the claims of a JWT without verifying its signature.
 *
 * @throws ClientJwtError when it is not a JWT.
 */
export function readClaims(jwt: string): JWTPayload {
  try {
    return decodeJwt(jwt);
  } catch (cause) {
    throw new ClientJwtError('it is not a signed JWT', { cause });
  }
}

function readHeader(jwt: string, { algorithms, types }: ClientJwtRules): KeyProperties {
  const header = decodeHeader(jwt);
  const { alg, kid, typ } = header;
  const algorithm = algorithms.find((allowed) => allowed === canonicalName(alg));
  if (!algorithm) throw new ClientJwtError(`alg must be one of ${algorithms.join(', ')}`);
  const foreign = KEY_HEADERS.find((name) => name in header);
  if (foreign) throw new ClientJwtError(`the header ${foreign} is not accepted: keys are registered`);
  if ('crit' in header) throw new ClientJwtError('the header crit is not supported');
  if (typ !== undefined && !types.includes(typ.toLowerCase()))
    throw new ClientJwtError('typ is that of another kind of JWT');
  if (kid !== undefined && typeof kid !== 'string') throw new ClientJwtError('kid must be a string');
  return { algorithm, kid };
}

/** Returns the name used here for an algorithm. RFC 9864 §2.2 renamed EdDSA with Ed25519 keys to `Ed25519`. */
const canonicalName = (algorithm: unknown): unknown => (algorithm === 'Ed25519' ? 'EdDSA' : algorithm);

function decodeHeader(jwt: string) {
  try {
    return decodeProtectedHeader(jwt);
  } catch (cause) {
    throw new ClientJwtError('it is not a signed JWT', { cause });
  }
}

async function verifies(jwt: string, keys: readonly KeyObject[]): Promise<boolean> {
  for (const key of keys) {
    try {
      await compactVerify(jwt, key);
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      throw new ClientJwtError('it is not a signed JWT', { cause: error });
    }
  }
  return false;
}
