import type { Check } from '../check.js';
import { listOf, membersOf } from '../observations/metadata.js';

const OAUTH = ['issuer', 'response_types_supported'];
const OPENID = [
  'authorization_endpoint',
  'jwks_uri',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
];

/** Checks that the metadata has the members that its specification requires. */
export const requiredMetadata: Check = {
  rule: 'required-metadata',
  group: 'Metadata',
  title: 'The metadata has every required member',
  source: 'RFC 8414 §2, OpenID Connect Discovery 1.0 §3',
  severity: 'medium',
  why: 'Clients that validate the metadata refuse the issuer, and others guess the missing values.',
  fix: 'Add the missing members to the metadata.',
  judge({ documents, metadata }) {
    const usesCode = listOf(metadata, 'response_types_supported')?.some((type) => type.includes('code')) ?? true;
    const required = new Set([
      ...OAUTH,
      ...(usesCode ? ['authorization_endpoint', 'token_endpoint'] : []),
      ...(membersOf(documents.openid) ? OPENID : []),
    ]);
    const missing = [...required].filter((name) => metadata[name] === undefined);
    return {
      problems: missing.map((name) => ({ what: `The metadata lacks ${name}.`, evidence: `${name} is missing` })),
      evidence: [...required].join(', '),
    };
  },
};
