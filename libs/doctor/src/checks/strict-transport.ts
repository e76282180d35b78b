import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { Check } from '../check.js';
import { isAnswer } from '../observations/visitor.js';

const HALF_A_YEAR = 15_768_000;

/** Checks that browsers are told to use only HTTPS. */
export const strictTransport: Check = {
  rule: 'strict-transport',
  group: 'Connections',
  title: 'Each server tells browsers to use only HTTPS (HSTS)',
  source: 'RFC 6797 §7.1, FAPI 2.0 Security Profile §5.2.3',
  severity: 'medium',
  why: 'The first request of a browser may go over plain HTTP, where somebody on the network path can take over the sign-in.',
  fix: `Send Strict-Transport-Security with a max-age of at least ${HALF_A_YEAR} seconds. Behind a proxy, Trefoil needs TRUSTED_PROXIES and X-Forwarded-Proto for it.`,
  judge({ servers, visits }) {
    // A browser would apply the header to every other program on the machine.
    const remote = servers.filter(({ url }) => url.startsWith('https:') && !isLoopbackHost(new URL(url).hostname));
    if (remote.length === 0) return { skipped: 'Every server is on localhost, where the header must not be set.' };
    const values = remote.map(({ name, url }) => {
      const { origin } = new URL(url);
      const answer = visits.filter(isAnswer).find(({ request }) => new URL(request.url).origin === origin);
      return { name, answer, value: answer?.headers['strict-transport-security'] };
    });
    const maxAge = (value = '') => Number(/max-age="?(\d+)/i.exec(value)?.[1] ?? 0);
    return {
      problems: values
        .filter(({ answer, value }) => answer && maxAge(value) < HALF_A_YEAR)
        .map(({ name, value }) => ({
          what: `The ${name} does not keep browsers on HTTPS for half a year.`,
          evidence: `Strict-Transport-Security: ${value ?? 'missing'}`,
        })),
      evidence: values.map(({ name, value }) => `${name}: ${value ?? 'no answer'}`).join('; '),
    };
  },
};
