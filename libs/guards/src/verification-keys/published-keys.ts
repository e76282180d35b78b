import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import { ACCEPTED_ALGORITHMS, isAcceptedAlgorithm } from './accepted-algorithms.js';
import { fetchJson, fetchUncached, wellKnownUrl } from './issuer-metadata.js';

const TIMEOUT_MILLISECONDS = 2000;
const PUBLIC_KEY_TYPES: readonly unknown[] = ['EC', 'RSA', 'OKP'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Represents the signing keys of one published JWK set, by algorithm and key id. */
export class PublishedKeys {
  private constructor(
    private readonly keys: ReadonlyMap<string, CryptoKey>,
    /** The `max-age` in seconds that the issuer published the keys with; undefined when it set none. */
    readonly maxAge?: number,
  ) {}

  find(kid: string, alg: SigningAlgorithm): CryptoKey | undefined {
    return this.keys.get(`${alg} ${kid}`);
  }

  /**
   * Reads a JWK set. Skips keys that are not public signing keys of an accepted algorithm, and malformed keys, so that one
   * of them does not make the others unusable (RFC 7517 §5).
   *
   * @throws Error when the value has no list of keys.
   */
  static async from(jwks: unknown, maxAge?: number): Promise<PublishedKeys> {
    const listed: unknown = isObject(jwks) ? jwks.keys : undefined;
    if (!Array.isArray(listed)) throw new Error('the key set of the issuer has no list of keys');
    const imported = listed
      .filter(isSigningKey)
      .flatMap((jwk) =>
        algorithmsOf(jwk).map(async (alg): Promise<[string, CryptoKey]> => [`${alg} ${jwk.kid}`, await read(jwk, alg)]),
      );
    const settled = await Promise.allSettled(imported);
    const keys = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
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

async function read({ kty, kid, crv, x, y, n, e }: JWK, alg: SigningAlgorithm): Promise<CryptoKey> {
  const key = await importJWK({ kty, kid, crv, x, y, n, e }, alg);
  if (key instanceof Uint8Array) throw new Error('the key set of the issuer contains a shared secret');
  return key;
}

function maxAgeOf({ headers }: Response): number | undefined {
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '')?.[1];
  return maxAge === undefined ? undefined : Number(maxAge);
}

const isSigningKey = (jwk: unknown): jwk is JWK & { kid: string } =>
  isObject(jwk) && typeof jwk.kid === 'string' && PUBLIC_KEY_TYPES.includes(jwk.kty) && (jwk.use ?? 'sig') === 'sig';

function algorithmsOf({ alg, kty, crv }: JWK): readonly SigningAlgorithm[] {
  if (alg !== undefined) return isAcceptedAlgorithm(alg) ? [alg] : [];
  const isSuitable: Record<SigningAlgorithm, boolean> = {
    ES256: kty === 'EC' && crv === 'P-256',
    PS256: kty === 'RSA',
    RS256: kty === 'RSA',
    EdDSA: kty === 'OKP' && crv === 'Ed25519',
  };
  return ACCEPTED_ALGORITHMS.filter((algorithm) => isSuitable[algorithm]);
}
