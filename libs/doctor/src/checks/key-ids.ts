import type { Check } from '../check.js';
import { keysOf } from './published-keys.js';

/** Checks that each key can be told from the others. */
export const keyIds: Check = {
  rule: 'key-ids',
  group: 'Keys',
  title: 'Each key has a kid of its own',
  source: 'RFC 7517 §4.5, OpenID Connect Core 1.0 §10.1',
  severity: 'medium',
  why: 'Verifiers find a key by its kid. With two keys of one kid, or several without, some of them use the wrong key.',
  fix: 'Give every key a kid, for example its thumbprint (RFC 7638).',
  judge(observations) {
    const keys = keysOf(observations);
    if (!keys) return { skipped: 'No JWK set could be read from jwks_uri.' };
    const kids = keys.map(({ jwk }) => jwk.kid);
    const repeated = [...new Set(kids.filter((kid, index) => kid !== undefined && kids.indexOf(kid) !== index))];
    const unnamed = kids.filter((kid) => kid === undefined).length;
    return {
      problems: [
        ...repeated.map((kid) => ({ what: 'Two keys have the same kid.', evidence: `kid: ${kid ?? ''}` })),
        ...(unnamed > 0 && keys.length > 1
          ? [{ what: 'Keys have no kid, although there are several.', evidence: `${unnamed} of ${keys.length} keys` }]
          : []),
      ],
      evidence: kids.join(', '),
    };
  },
};
