import type { Check } from '../check.js';

/** Checks that the identifier of the issuer has the form that an issuer must have. */
export const issuerForm: Check = {
  rule: 'issuer-form',
  group: 'Metadata',
  title: 'The issuer is a URL without query and fragment',
  source: 'RFC 8414 §2, OpenID Connect Discovery 1.0 §3',
  severity: 'medium',
  why: 'The address of the metadata is derived from the issuer, and clients derive different addresses from other forms.',
  fix: 'Set ISSUER to a URL that has a scheme, a host and at most a port and a path.',
  judge({ metadata }) {
    const { issuer } = metadata;
    const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined;
    const isRight = url && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    const evidence = `issuer: ${JSON.stringify(issuer) ?? 'missing'}`;
    return { problems: isRight ? [] : [{ what: 'The issuer has another form.', evidence }], evidence };
  },
};
