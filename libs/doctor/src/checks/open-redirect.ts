import type { Check, Problem } from '../check.js';
import { FOREIGN_ORIGIN } from '../observations/endpoints.js';
import { redirectOf } from '../observations/sign-in.js';
import { type Answer, described, isAnswer } from '../observations/visitor.js';

/** Checks that an authorization request of an unknown client is refused on a page, without a redirect to its redirect URI. */
export const openRedirect: Check = {
  rule: 'open-redirect',
  group: 'Endpoints',
  title: 'An authorization request of an unknown client is refused without a redirect to it',
  source: 'RFC 6749 §4.1.2.1, RFC 9700 §4.11.2',
  severity: 'high',
  why: 'Attackers send people to any site through an address that they trust, or get codes sent to a redirect URI of their own.',
  fix: 'Check client_id and redirect_uri first, and show an error page when one of them is unknown. Redirect only to registered URIs.',
  judge({ unknownClient }) {
    const answers = unknownClient.filter(isAnswer);
    if (answers.length === 0) return { skipped: 'No authorization endpoint answered.' };
    return { problems: answers.flatMap(problemOf), evidence: answers.map(described).join('; ') };
  },
};

function problemOf(answer: Answer): Problem[] {
  const kind = new URL(answer.request.url).searchParams.has('request') ? 'an unsigned request object' : 'no PKCE';
  const location = redirectOf(answer);
  if (location !== undefined && new URL(location).origin === FOREIGN_ORIGIN) {
    const what = `A request of an unknown client with ${kind} is answered by a redirect to a foreign site.`;
    return [{ what, evidence: `Location: ${location}` }];
  }
  const isForeignForm = answer.body.includes(`action="${FOREIGN_ORIGIN}`);
  return isForeignForm
    ? [
        {
          what: `A request of an unknown client with ${kind} is answered by a form to a foreign site.`,
          evidence: described(answer),
        },
      ]
    : [];
}
