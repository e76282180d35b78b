import { readJwkSet, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import { readProviderMetadata, secureUrl } from '@trefoil/service-client';
import type { KeyObject } from 'node:crypto';
import type { GuardsOptions } from '../guards-options.js';
import { fetchUncached } from './fetch-uncached.js';

const TIMEOUT_MILLISECONDS = 2000;

/** Says where the keys of an issuer are. */
type KeySource = Pick<GuardsOptions, 'issuer' | 'jwksUri' | 'plainHttpOrigins' | 'fetch'>;

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
   * Fetches the keys of an issuer, from `jwksUri` or from the `jwks_uri` of its metadata (RFC 8414 §3), within 2 seconds.
   *
   * @throws Error when a request fails, or the metadata or the key set is invalid.
   */
  static async fetch(source: KeySource): Promise<PublishedKeys> {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const answer = await fetchUncached(await addressOf(source, signal), source.fetch ?? fetch, signal);
    return PublishedKeys.from(await answer.json(), maxAgeOf(answer));
  }
}

async function addressOf(
  { issuer, jwksUri, plainHttpOrigins, fetch: fetchAny = fetch }: KeySource,
  signal: AbortSignal,
): Promise<URL> {
  if (jwksUri !== undefined) return new URL(jwksUri);
  const { jwks_uri: found } = await readProviderMetadata(issuer, { fetch: fetchAny, signal });
  if (typeof found !== 'string' || !URL.canParse(found)) throw new Error('the metadata has no jwks_uri');
  // An attacker on the network could replace keys that arrive over plain http.
  return issuer.startsWith('https:') ? secureUrl(found, plainHttpOrigins) : new URL(found);
}

function maxAgeOf({ headers }: Response): number | undefined {
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '')?.[1];
  return maxAge === undefined ? undefined : Number(maxAge);
}
