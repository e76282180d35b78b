import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../check.js';
import { membersOf } from '../observations/metadata.js';
import { described, isAnswer, isJsonType } from '../observations/visitor.js';

/** Checks that the metadata is JSON, and that both documents agree with each other. */
export const metadataDocuments: Check = {
  rule: 'metadata-documents',
  group: 'Metadata',
  title: 'The metadata is published as JSON, with the same values in both documents',
  source: 'RFC 8414 §3.2, OpenID Connect Discovery 1.0 §4.2',
  severity: 'medium',
  why: 'OAuth clients read one document and OpenID Connect clients the other one, so they would behave differently.',
  fix: 'Serve one set of metadata, as application/json, at both addresses.',
  judge({ documents }) {
    const visits = [documents.openid, documents.oauth];
    const found = visits.filter((visit) => membersOf(visit) !== undefined);
    const wrongType = found
      .filter((visit) => isAnswer(visit) && !isJsonType(visit))
      .map((visit) => ({ what: 'A metadata document is not declared as JSON.', evidence: described(visit) }));
    const [openid, oauth] = [membersOf(documents.openid) ?? {}, membersOf(documents.oauth) ?? {}];
    const different = Object.keys(openid)
      .filter((name) => name in oauth && !isDeepStrictEqual(openid[name], oauth[name]))
      .map((name) => ({
        what: `The two metadata documents differ in ${name}.`,
        evidence: `${JSON.stringify(openid[name])} and ${JSON.stringify(oauth[name])}`,
      }));
    return { problems: [...wrongType, ...different], evidence: visits.map(described).join('; ') };
  },
};
