import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { Check } from '../check.js';
import { described, isAnswer, isPage } from '../observations/visitor.js';

/** Checks that metrics and health are not public. */
export const managementEndpoints: Check = {
  rule: 'management-endpoints',
  group: 'Exposure',
  title: 'Metrics and health are not reachable from outside',
  source: 'Trefoil, docs/deployment.md; CWE-497',
  severity: 'low',
  why: 'They show the load, the dependencies and the state of the installation to anyone.',
  fix: 'Set MANAGEMENT_PORT, which gives /metrics and /health a port of their own, or let the proxy refuse these paths.',
  judge({ management }) {
    const remote = management.filter(({ request }) => !isLoopbackHost(new URL(request.url).hostname));
    if (remote.length === 0) return { skipped: 'Every server is on localhost, which is not outside.' };
    const open = remote.filter(isAnswer).filter((answer) => [200, 503].includes(answer.status) && !isPage(answer));
    return {
      problems: open.map((answer) => ({
        what: `${new URL(answer.request.url).pathname} is reachable from here.`,
        evidence: described(answer),
        ...(answer.request.url.endsWith('/metrics') && { severity: 'medium' as const }),
      })),
      evidence: remote.map(described).join('; '),
    };
  },
};
