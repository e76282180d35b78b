import type { Check, Problem } from '../check.js';

/** FAPI 2.0 Security Profile §5.4.1. */
const STRONG = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** Checks the signature algorithms of the metadata. */
export const signatureAlgorithms: Check = {
  rule: 'signature-algorithms',
  group: 'Protocol',
  title: 'Signatures are always required, and a better algorithm is offered wherever RS256 is',
  source: 'RFC 8725 §3.1, §3.2; FAPI 2.0 Security Profile §5.4.1',
  severity: 'high',
  why: 'With none, anyone can write the statement. RS256 uses a padding that newer profiles forbid.',
  fix: 'Remove none from the list and refuse it. Add a key for ES256, PS256 or EdDSA.',
  judge({ metadata }) {
    const lists = Object.entries(metadata).filter(([name]) => /_signing_alg(?:_values)?_supported$/.test(name));
    const problems = lists.flatMap(([name, value]): Problem[] => {
      const algorithms: unknown[] = Array.isArray(value) ? value : [];
      const evidence = `${name}: ${algorithms.join(', ')}`;
      const isWeak = algorithms.includes('RS256') && !algorithms.some((one) => STRONG.includes(String(one)));
      return [
        ...(algorithms.includes('none') ? [{ what: `${name} allows none, which is no signature.`, evidence }] : []),
        ...(isWeak
          ? [{ what: `${name} offers RS256 and no better algorithm.`, evidence, severity: 'low' as const }]
          : []),
      ];
    });
    return { problems, evidence: `${lists.length} lists of algorithms` };
  },
};
