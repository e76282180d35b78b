import type { Check, Problem } from '../check.js';
import { listOf } from '../observations/metadata.js';

/** Checks that the implicit grant and the password grant are not offered. */
export const grantTypes: Check = {
  rule: 'grant-types',
  group: 'Protocol',
  title: 'The implicit grant and the password grant are not offered',
  source: 'RFC 9700 §2.1.2, §2.4; OAuth 2.1 §10',
  severity: 'high',
  why: 'The implicit grant puts tokens into URLs, where logs and other pages read them. The password grant gives passwords to clients.',
  fix: 'Remove the grant, and move its clients to the authorization code grant with PKCE.',
  judge({ metadata }) {
    const grants = listOf(metadata, 'grant_types_supported');
    const types = listOf(metadata, 'response_types_supported') ?? [];
    const evidence = `grant_types_supported: ${grants?.join(', ') ?? 'missing'}; response_types_supported: ${types.join(', ')}`;
    const problems: Problem[] = ['implicit', 'password']
      .filter((grant) => grants?.includes(grant))
      .map((grant) => ({ what: `The metadata offers the grant type ${grant}.`, evidence }));
    const tokenTypes = types.filter((type) => type.split(' ').includes('token'));
    if (tokenTypes.length > 0) {
      const what = `The authorization endpoint issues access tokens (response type ${tokenTypes.join(' and ')}).`;
      problems.push({ what, evidence });
    }
    if (!grants) {
      problems.push({
        what: 'The metadata does not list its grant types, which means that it offers the implicit grant (RFC 8414 §2).',
        evidence,
        fix: 'List the offered grants in grant_types_supported.',
        severity: 'low',
      });
    }
    return { problems, evidence };
  },
};
