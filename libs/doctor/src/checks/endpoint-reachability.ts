import type { Check } from '../check.js';
import { described, isAnswer, type Visit } from '../observations/visitor.js';

const UNREACHABLE = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no answer .*)$/;

/** Checks that every endpoint of the metadata, and each server, answers from here. */
export const endpointReachability: Check = {
  rule: 'endpoint-reachability',
  group: 'Metadata',
  title: 'Each server and each endpoint of the metadata is reachable from here',
  source: 'RFC 8414 §2',
  severity: 'high',
  why: 'Clients use the addresses of the metadata. Every use of an address that does not answer fails.',
  fix: 'Publish addresses that clients can reach. Check names, ports, firewalls and the proxy in front of the server.',
  judge({ endpoints, unknownClient, signIn, resourceMetadata }) {
    const certificateAsked = endpoints.filter(({ name }) => name.startsWith('mtls_endpoint_aliases.'));
    const visits: Visit[] = [
      ...endpoints.filter((endpoint) => !certificateAsked.includes(endpoint)).map(({ visit }) => visit),
      // A server that requires a client certificate ends the connection, which shows that it can be reached.
      ...certificateAsked
        .map(({ visit }) => visit)
        .filter((visit) => isAnswer(visit) || UNREACHABLE.test(visit.failure)),
      ...unknownClient,
      ...signIn,
      ...(resourceMetadata ? [resourceMetadata] : []),
    ];
    return {
      problems: visits
        .filter((visit) => !isAnswer(visit))
        .map((visit) => ({ what: 'An address does not answer.', evidence: described(visit) })),
      evidence: `${visits.length} requests were answered`,
    };
  },
};
