import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { KeyObject } from 'node:crypto';
import { OutboundError } from '../outbound/outbound-fetcher.js';
import type { Client } from './client.entity.js';
import { ClientKeys, type KeyWanted } from './client-keys.js';

/** What a JWT of a client must be, beside signed by it. */
export interface ClientJwtRules {
  readonly algorithms: readonly SigningAlgorithm[];
  /** What `typ` may say; none is always right. */
  readonly types: readonly string[];
}

/** What a client signed is not what it must be; the message is for the client. */
export class ClientJwtError extends Error {
  override readonly name = 'ClientJwtError';
}

/** Headers that bring a key along: a signature with a key of the signer's choice proves nothing (RFC 8725 §3.10). */
const KEY_HEADERS = ['jwk', 'jku', 'x5u'];

/** Verifies the JWTs that clients sign: client assertions and request objects. */
@Injectable()
export class ClientJwts {
  constructor(private readonly keys: ClientKeys) {}

  /**
   * The claims of a JWT that the client signed with a key it has registered; what they say is for the caller to check.
   *
   * @throws ClientJwtError
   */
  async verify(jwt: string, client: Pick<Client, 'jwks' | 'jwksUri'>, rules: ClientJwtRules): Promise<JWTPayload> {
    const wanted = readHeader(jwt, rules);
    if (!client.jwks && client.jwksUri === null) throw new ClientJwtError('the client has registered no keys');
    try {
      const isGood =
        (await verifies(jwt, await this.keys.find(client, wanted))) ||
        (await verifies(jwt, await this.keys.findAgain(client, wanted)));
      if (!isGood) throw new ClientJwtError('the signature is not by a key that the client has registered');
    } catch (cause) {
      if (!(cause instanceof OutboundError)) throw cause;
      throw new ClientJwtError(`the keys at the jwks_uri of the client cannot be read: ${cause.message}`, { cause });
    }
    return readClaims(jwt);
  }
}

/** The claims of a JWT, before anybody knows whether they are true. */
export function readClaims(jwt: string): JWTPayload {
  try {
    return decodeJwt(jwt);
  } catch (cause) {
    throw new ClientJwtError('it is not a signed JWT', { cause });
  }
}

function readHeader(jwt: string, { algorithms, types }: ClientJwtRules): KeyWanted {
  const header = decodeHeader(jwt);
  const { alg, kid, typ } = header;
  const algorithm = algorithms.find((allowed) => allowed === familiarName(alg));
  if (!algorithm) throw new ClientJwtError(`alg must be one of ${algorithms.join(', ')}`);
  const foreign = KEY_HEADERS.find((name) => name in header);
  if (foreign) throw new ClientJwtError(`the header ${foreign} is not accepted: keys are registered`);
  if ('crit' in header) throw new ClientJwtError('no critical header is understood');
  if (typ !== undefined && !types.includes(typ.toLowerCase())) throw new ClientJwtError('typ is that of another JWT');
  if (kid !== undefined && typeof kid !== 'string') throw new ClientJwtError('kid must be a string');
  return { algorithm, kid };
}

/** RFC 9864 §2.2 gave the one form of EdDSA in use a name of its own. */
const familiarName = (algorithm: unknown): unknown => (algorithm === 'Ed25519' ? 'EdDSA' : algorithm);

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
