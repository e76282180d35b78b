import { readJwkSet, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { KeyObject } from 'node:crypto';
import { fetchJson, fetchUncached, wellKnownUrl } from './issuer-metadata.js';

const TIMEOUT_MILLISECONDS = 2000;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Represents the signing keys of one published JWK set, by algorithm and key id. */
export class PublishedKeys {
  private constructor(
    private readonly keys: ReadonlyMap<string, KeyObject>,
    /** The `max-age` in seconds that the issuer published the keys with; undefined when it set none. */
    readonly maxAge?: number,
  ) {}

  /** Returns the ids of the keys. */
  get ids(): readonly string[] {
    return [...this.keys.keys()].map((name) => name.slice(name.indexOf(' ') + 1));
  }

  find(kid: string, alg: SigningAlgorithm): KeyObject | undefined {
    return this.keys.get(`${alg} ${kid}`);
  }

  /** @throws Error when the value is not a JWK set. */
  private static from(jwks: unknown, maxAge?: number): PublishedKeys {
    const set = readJwkSet(jwks);
    if (!set) throw new Error('the answer at the jwks_uri of the issuer is not a JWK set');
    const keys = set.keys.flatMap(({ jwk: { kid }, key, algorithms }) =>
      kid === undefined ? [] : algorithms.map((alg) => [`${alg} ${kid}`, key] as const),
    );
    return new PublishedKeys(new Map(keys), maxAge);
  }

  /**
   * Fetches the keys of an issuer from the `jwks_uri` of its metadata (RFC 8414 §3), within 2 seconds.
   *
   * @throws Error when a request fails, or the metadata or the key set is invalid.
   */
  static async fetch(issuer: string, fetchAny: typeof fetch): Promise<PublishedKeys> {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const metadata = await fetchJson(wellKnownUrl(issuer, 'oauth-authorization-server'), fetchAny, signal);
    if (!isObject(metadata) || metadata.issuer !== issuer) throw new Error('the metadata names another issuer');
    const { jwks_uri: jwksUri } = metadata;
    if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw new Error('the metadata has no jwks_uri');
    if (issuer.startsWith('https:') && !jwksUri.startsWith('https:')) throw new Error('the jwks_uri is not https');
    const answer = await fetchUncached(new URL(jwksUri), fetchAny, signal);
    return PublishedKeys.from(await answer.json(), maxAgeOf(answer));
  }
}

function maxAgeOf({ headers }: Response): number | undefined {
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '')?.[1];
  return maxAge === undefined ? undefined : Number(maxAge);
}
