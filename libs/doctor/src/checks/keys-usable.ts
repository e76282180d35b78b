import { isSecretJwk, readJwkSet } from '@trefoil/oauth-protocol';
import type { Check } from '../check.js';
import { keysOf, rawKeysOf } from './published-keys.js';

/** Checks that every published key can be used. */
export const keysUsable: Check = {
  rule: 'keys-usable',
  group: 'Keys',
  title: 'Every published key can verify signatures or encrypt',
  source: 'RFC 7517 §4, §5; RFC 7518 §3.3',
  severity: 'medium',
  why: 'Verifiers ignore keys that are malformed, weak or of unknown types. They refuse every token that such a key signs.',
  fix: 'Replace the key with an EC key on P-256, an Ed25519 key or an RSA key of at least 2048 bits.',
  judge(observations) {
    const keys = keysOf(observations);
    if (!keys) return { skipped: 'No JWK set could be read from jwks_uri.' };
    const published = rawKeysOf(observations).filter((jwk) => !isSecretJwk(jwk));
    const unusable = published.filter((jwk) => readJwkSet({ keys: [jwk] })?.ignored !== 0);
    const named = unusable.map((jwk) =>
      typeof jwk === 'object' && jwk !== null
        ? JSON.stringify(
            Object.fromEntries(Object.entries(jwk).filter(([name]) => /^(?:kty|crv|alg|kid|use)$/.test(name))),
          )
        : String(jwk),
    );
    return {
      problems: [
        ...(keys.length === 0
          ? [{ what: 'The JWK set has no usable key.', evidence: 'keys: []', severity: 'high' as const }]
          : []),
        ...named.map((evidence) => ({ what: 'A published key cannot be used.', evidence })),
      ],
      evidence: `${keys.length} usable keys`,
    };
  },
};
