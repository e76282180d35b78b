import type { Check, Problem } from '../check.js';
import { signInRequestOf } from './sign-in-request.js';

/** Checks that the redirect URI of the frontend is an https URL of the frontend. */
export const redirectUri: Check = {
  rule: 'redirect-uri',
  group: 'Sign-in',
  title: 'The redirect URI of the frontend is an https URL of its own origin',
  source: 'RFC 9700 §2.6, §4.1.3',
  severity: 'high',
  why: 'The authorization code is sent to this URL: over plain HTTP it can be read on the way, and another host receives it.',
  fix: 'Set PUBLIC_URL of the frontend to its https address, and register the new redirect URI at the provider.',
  judge(observations) {
    const { frontend } = observations.target;
    if (frontend === undefined) return { skipped: 'No frontend was given (--frontend).' };
    const uri = signInRequestOf(observations)?.searchParams.get('redirect_uri');
    if (uri == null || !URL.canParse(uri)) {
      return { skipped: 'The request of the frontend shows no redirect URI. It may be pushed (RFC 9126).' };
    }
    const { protocol, host } = new URL(uri);
    const evidence = `redirect_uri: ${uri}`;
    const problems: Problem[] = [];
    if (protocol !== 'https:') problems.push({ what: 'The redirect URI of the frontend is not https.', evidence });
    if (host !== new URL(frontend).host) {
      problems.push({ what: 'The redirect URI of the frontend is at another host.', evidence });
    }
    return { problems, evidence };
  },
};
