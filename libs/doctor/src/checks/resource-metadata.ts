import type { Check, Problem } from '../check.js';
import { listOf, membersOf } from '../observations/metadata.js';
import { described } from '../observations/visitor.js';

/** Checks that the backend names itself and this issuer in its metadata as a protected resource. */
export const resourceMetadata: Check = {
  rule: 'resource-metadata',
  group: 'Metadata',
  title: 'The backend names itself and this issuer in its metadata',
  source: 'RFC 9728 §3.2, §3.3',
  severity: 'high',
  why: 'Clients of the backend ask another issuer for tokens, or tokens for another resource, and the backend refuses them.',
  fix: 'Set PUBLIC_URL and ISSUER of the backend to the addresses that clients and the provider use.',
  judge({ target, resourceMetadata: visit }) {
    if (!visit || target.backend === undefined) return { skipped: 'No backend was given (--backend).' };
    const metadata = membersOf(visit);
    if (!metadata) {
      return { problems: [{ what: 'The backend publishes no metadata.', evidence: described(visit) }], evidence: '' };
    }
    const withoutSlash = (url: unknown) => (typeof url === 'string' ? url.replace(/\/$/, '') : undefined);
    const problems: Problem[] = [];
    if (withoutSlash(metadata.resource) !== withoutSlash(target.backend)) {
      problems.push({
        what: 'The backend names another resource than itself.',
        evidence: `resource: ${JSON.stringify(metadata.resource) ?? 'missing'}`,
      });
    }
    if (!listOf(metadata, 'authorization_servers')?.includes(target.issuer)) {
      problems.push({
        what: 'The backend does not name this issuer.',
        evidence: `authorization_servers: ${JSON.stringify(metadata.authorization_servers) ?? 'missing'}`,
      });
    }
    return { problems, evidence: described(visit) };
  },
};
