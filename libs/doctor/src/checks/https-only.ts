import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { Check } from '../check.js';
import { endpointsOf } from '../observations/endpoints.js';

/** Checks that the servers and every endpoint of the metadata have https URLs. */
export const httpsOnly: Check = {
  rule: 'https-only',
  group: 'Connections',
  title: 'Every server and every endpoint has an https URL',
  source: 'RFC 8414 §2, RFC 9700 §2.6',
  severity: 'high',
  why: 'Anyone on the network path can read and change codes, tokens and passwords that are sent over plain HTTP.',
  fix: 'Serve this URL over HTTPS, publish the https URL in the metadata, and configure it in every client.',
  judge({ servers, metadata }) {
    const urls = [
      ...servers.map(({ name, url }): [string, string] => [`The URL of the ${name}`, url]),
      ...endpointsOf(metadata),
    ];
    const problems = urls
      .filter(([, url]) => new URL(url).protocol !== 'https:')
      .map(([name, url]) => ({
        what: `${name} is not an https URL.`,
        evidence: url,
        ...(isLoopbackHost(new URL(url).hostname) && { severity: 'low' as const }),
      }));
    return { problems, evidence: `${urls.length} URLs begin with https:` };
  },
};
