import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { JWK } from 'jose';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Client } from './client.entity.js';
import { PublishedKeySets } from './published-key-sets.js';
import { readKeySet } from './read-key-set.js';

/** What of a client says where its keys are. */
export type KeyHolder = Pick<Client, 'jwks' | 'jwksUri'>;

/** Which keys a signature may have been made with. */
export interface KeyWanted {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string | undefined;
}

/** Shorter RSA keys are worth nothing (RFC 7518 §3.3). */
const LEAST_RSA_BITS = 2048;

/** How many keys of a set are tried for a signature that names none. */
const MOST_TRIED = 10;

const FORM_OF: Record<SigningAlgorithm, Partial<JWK>> = {
  ES256: { kty: 'EC', crv: 'P-256' },
  PS256: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

/** The public keys of clients, from their `jwks` or their `jwks_uri` (RFC 7591 §2). */
@Injectable()
export class ClientKeys {
  constructor(private readonly published: PublishedKeySets) {}

  /**
   * The keys of a client that fit; a `kid` that is not among them is looked for anew at its `jwks_uri`.
   *
   * @throws OutboundError when the `jwks_uri` cannot be read.
   */
  async find({ jwks, jwksUri }: KeyHolder, wanted: KeyWanted): Promise<readonly KeyObject[]> {
    if (jwks) return fitting(readKeySet(jwks) ?? [], wanted);
    if (jwksUri === null) return [];
    const found = fitting(await this.published.find(jwksUri), wanted);
    return found.length > 0 ? found : fitting(await this.published.find(jwksUri, true), wanted);
  }

  /** As {@link find}, but with the keys that the client publishes now; none when it has not changed them. */
  async findAgain({ jwks, jwksUri }: KeyHolder, wanted: KeyWanted): Promise<readonly KeyObject[]> {
    return jwks || jwksUri === null ? [] : fitting(await this.published.find(jwksUri, true), wanted);
  }
}

function fitting(keys: readonly JWK[], { algorithm, kid }: KeyWanted): KeyObject[] {
  const { kty, crv } = FORM_OF[algorithm];
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
    return (key.asymmetricKeyDetails?.modulusLength ?? LEAST_RSA_BITS) < LEAST_RSA_BITS ? undefined : key;
  } catch {
    // A key that is no key signs nothing; the others of the set are good all the same.
    return undefined;
  }
}
