import type { Check, Problem } from '../check.js';
import { listOf } from '../observations/metadata.js';

/** Checks that PKCE is advertised with S256 only. */
export const pkceMethods: Check = {
  rule: 'pkce-methods',
  group: 'Protocol',
  title: 'PKCE is advertised, with the method S256 only',
  source: 'RFC 9700 §2.1.1, RFC 7636 §7.2',
  severity: 'high',
  why: 'With plain, or without PKCE, somebody who sees an authorization request or a code can redeem the code.',
  fix: 'Set code_challenge_methods_supported to S256 alone, and refuse every other method.',
  judge({ metadata }) {
    const methods = listOf(metadata, 'code_challenge_methods_supported');
    if (!methods && listOf(metadata, 'response_types_supported')?.every((type) => !type.includes('code'))) {
      return { skipped: 'The issuer does not offer the authorization code grant.' };
    }
    const evidence = `code_challenge_methods_supported: ${methods?.join(', ') ?? 'missing'}`;
    const problems: Problem[] = [];
    if (methods?.includes('plain')) problems.push({ what: 'The metadata offers the PKCE method plain.', evidence });
    if (!methods?.includes('S256')) {
      problems.push({ what: 'The metadata does not offer the PKCE method S256.', evidence });
    }
    return { problems, evidence };
  },
};
