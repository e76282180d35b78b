import { Injectable } from '@nestjs/common';
import { type PublicKey, readJwkSet, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { KeyObject } from 'node:crypto';
import type { Client } from '../client.entity.js';
import { PublishedKeySets } from './published-key-sets.js';

/** The columns of a client that hold or locate its keys. */
export type KeyHolder = Pick<Client, 'jwks' | 'jwksUri'>;

/** The properties of the key of a signature, from the header of a JWS. */
export interface KeyProperties {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string | undefined;
}

/** How many keys of a set are tried for a signature without `kid`. */
const MOST_TRIED = 10;

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
    if (jwks) return matching(readJwkSet(jwks)?.keys ?? [], properties);
    if (jwksUri === null) return [];
    const found = matching(await this.published.find(jwksUri), properties);
    return found.length > 0 ? found : matching(await this.published.find(jwksUri, true), properties);
  }

  /** Fetches the `jwks_uri` of a client again and returns the keys that match; none for keys by value, which cannot change. */
  async findAgain({ jwks, jwksUri }: KeyHolder, properties: KeyProperties): Promise<readonly KeyObject[]> {
    return jwks || jwksUri === null ? [] : matching(await this.published.find(jwksUri, true), properties);
  }
}

const matching = (keys: readonly PublicKey[], { algorithm, kid }: KeyProperties): KeyObject[] =>
  keys
    .filter(({ jwk, algorithms }) => algorithms.includes(algorithm) && (kid === undefined || jwk.kid === kid))
    .slice(0, MOST_TRIED)
    .map(({ key }) => key);
