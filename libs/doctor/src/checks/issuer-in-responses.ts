import type { Check } from '../check.js';

/** Checks that authorization responses name their issuer. */
export const issuerInResponses: Check = {
  rule: 'issuer-in-responses',
  group: 'Protocol',
  title: 'Authorization responses name their issuer (iss)',
  source: 'RFC 9207 §3, RFC 9700 §2.1',
  severity: 'medium',
  why: 'A client of several issuers can be tricked into sending the code of one issuer to another one (mix-up attack).',
  fix: 'Add iss to every authorization response, and set authorization_response_iss_parameter_supported to true.',
  judge({ metadata }) {
    const value: unknown = metadata.authorization_response_iss_parameter_supported;
    const evidence = `authorization_response_iss_parameter_supported: ${JSON.stringify(value) ?? 'missing'}`;
    const what = 'The metadata does not promise iss in authorization responses.';
    return { problems: value === true ? [] : [{ what, evidence }], evidence };
  },
};
