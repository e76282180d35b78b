import type { Check } from '../check.js';
import { listOf } from '../observations/metadata.js';
import { keysOf } from './published-keys.js';

/** The members that list the algorithms with which the issuer itself signs. */
const SIGNED_BY_ISSUER = ['id_token', 'userinfo', 'authorization', 'introspection'].map(
  (response) => `${response}_signing_alg_values_supported`,
);
/** The algorithms that the doctor can match with keys. */
const KNOWN = ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'];

/** Checks that there is a key for each algorithm with which the issuer offers to sign. */
export const keyAlgorithms: Check = {
  rule: 'key-algorithms',
  group: 'Keys',
  title: 'There is a published key for each advertised signature algorithm',
  source: 'OpenID Connect Discovery 1.0 §3, OpenID Connect Core 1.0 §10.1',
  severity: 'high',
  why: 'A client that chooses the algorithm cannot verify the signatures, so nobody can sign in to it.',
  fix: 'Publish a key of the algorithm (Trefoil: npm run trefoil -- key list), or stop advertising the algorithm.',
  judge(observations) {
    const keys = keysOf(observations);
    if (!keys) return { skipped: 'No JWK set could be read from jwks_uri.' };
    const advertised = SIGNED_BY_ISSUER.flatMap((member) => listOf(observations.metadata, member) ?? []);
    const available = keys.flatMap(({ algorithms }): readonly string[] => algorithms);
    const wanted = [...new Set(advertised)].filter((algorithm) => KNOWN.includes(algorithm));
    const missing = wanted.filter((algorithm) => !available.includes(algorithm.replace('Ed25519', 'EdDSA')));
    return {
      problems: missing.map((algorithm) => ({
        what: `The metadata advertises ${algorithm}, and no published key is for it.`,
        evidence: `keys are for: ${[...new Set(available)].join(', ') || 'nothing'}`,
      })),
      evidence: `keys for ${wanted.join(', ')}`,
    };
  },
};
