import { isSecretJwk } from '@trefoil/oauth-protocol';
import type { Check } from '../check.js';
import { keysOf, rawKeysOf } from './published-keys.js';

/** Checks that no private key or shared secret is published. */
export const keysPublic: Check = {
  rule: 'keys-public',
  group: 'Keys',
  title: 'The JWK set has public keys only',
  source: 'OpenID Connect Discovery 1.0 §3, RFC 7517 §9.2',
  severity: 'high',
  why: 'Anyone can sign tokens for every user and every scope with a published private key.',
  fix: 'Retire the key at once, create a new one, and publish public members only. Revoke what the key has signed.',
  judge(observations) {
    if (!keysOf(observations)) return { skipped: 'No JWK set could be read from jwks_uri.' };
    const keys = rawKeysOf(observations);
    return {
      problems: keys.filter(isSecretJwk).map((jwk) => ({
        what: 'A private key or a shared secret is published.',
        // The values stay out of reports.
        evidence: `members: ${Object.keys(Object(jwk) as object).join(', ')}`,
      })),
      evidence: `${keys.length} keys, none with private members`,
    };
  },
};
