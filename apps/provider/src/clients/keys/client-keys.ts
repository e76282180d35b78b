import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { JWK } from 'jose';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Client } from '../client.entity.js';
import { PublishedKeySets, readKeySet } from './published-key-sets.js';

/** The columns of a client that hold or locate its keys. */
export type KeyHolder = Pick<Client, 'jwks' | 'jwksUri'>;

/** The properties of the key of a signature, from the header of a JWS. */
export interface KeyProperties {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string | undefined;
}

/** The shortest RSA key that is accepted (RFC 7518 §3.3). */
const SHORTEST_RSA_BITS = 2048;

/** How many keys of a set are tried for a signature without `kid`. */
const MOST_TRIED = 10;

/** The type and curve of the keys of each algorithm. */
const KEY_TYPE_OF: Record<SigningAlgorithm, Partial<JWK>> = {
  ES256: { kty: 'EC', crv: 'P-256' },
  PS256: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

/** Finds the public keys of clients in their `jwks` or at their `jwks_uri` (RFC 7591 §2). */
@Injectable()
export class ClientKeys {
  constructor(private readonly published: PublishedKeySets) {}

  /**
   * Returns the keys of a client that match. When none does, fetches its `jwks_uri` again.
   *
   * @throws OutboundError when the `jwks_uri` cannot be read.
   */
  async find({ jwks, jwksUri }: KeyHolder, properties: KeyProperties): Promise<readonly KeyObject[]> {
    if (jwks) return matching(readKeySet(jwks) ?? [], properties);
    if (jwksUri === null) return [];
    const found = matching(await this.published.find(jwksUri), properties);
    return found.length > 0 ? found : matching(await this.published.find(jwksUri, true), properties);
  }

  /** Fetches the `jwks_uri` of a client again and returns the keys that match; none for keys by value, which cannot change. */
  async findAgain({ jwks, jwksUri }: KeyHolder, properties: KeyProperties): Promise<readonly KeyObject[]> {
    return jwks || jwksUri === null ? [] : matching(await this.published.find(jwksUri, true), properties);
  }
}

function matching(keys: readonly JWK[], { algorithm, kid }: KeyProperties): KeyObject[] {
  const { kty, crv } = KEY_TYPE_OF[algorithm];
  return keys
    .filter(
      (key) =>
        key.kty === kty &&
        (crv === undefined || key.crv === crv) &&
        (kid === undefined || key.kid === kid) &&
        (key.alg === undefined || key.alg === algorithm || (key.alg === 'Ed25519' && algorithm === 'EdDSA')) &&
        (key.use === undefined || key.use === 'sig') &&
        (!Array.isArray(key.key_ops) || key.key_ops.includes('verify')),
    )
    .slice(0, MOST_TRIED)
    .flatMap((key) => publicKeyOf(key) ?? []);
}

function publicKeyOf(jwk: JWK): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_BITS) < SHORTEST_RSA_BITS ? undefined : key;
  } catch {
    // An unusable key must not prevent the use of the other keys of the set.
    return undefined;
  }
}
