import { type PublicKey, readJwkSet } from '@trefoil/oauth-protocol';
import type { Observations } from '../observations/observe.js';
import { jsonOf } from '../observations/visitor.js';

const jwkSetOf = ({ endpoints }: Observations) => jsonOf(endpoints.find(({ name }) => name === 'jwks_uri')?.visit);

/** Returns the usable keys of the issuer; undefined when there is no JWK set. */
export const keysOf = (observations: Observations): readonly PublicKey[] | undefined =>
  readJwkSet(jwkSetOf(observations))?.keys;

/** Returns every entry of the JWK set, also those that cannot be used. */
export function rawKeysOf(observations: Observations): readonly unknown[] {
  const listed = jwkSetOf(observations)?.keys;
  return Array.isArray(listed) ? listed : [];
}
