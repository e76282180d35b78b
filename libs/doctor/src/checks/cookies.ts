import type { Check, Problem } from '../check.js';
import { isAnswer, withoutQuery } from '../observations/visitor.js';

/** Checks the attributes of the cookies that were set on the way to the sign-in page. */
export const cookies: Check = {
  rule: 'cookies',
  group: 'Sign-in',
  title: 'Each cookie of the sign-in has Secure, HttpOnly, SameSite and the prefix __Host-',
  source: 'RFC 6265bis §4.1.2, §4.1.3.2; RFC 9700 §4.7',
  severity: 'high',
  why: 'Such a cookie can be read by scripts or on the network, sent by requests of other sites, or replaced by another host.',
  fix: 'Set Secure, HttpOnly, SameSite=Lax or Strict, Path=/ and no Domain, and name the cookie __Host-… Trefoil does so when PUBLIC_URL and ISSUER are https.',
  judge({ visits }) {
    const set = visits
      .filter(isAnswer)
      .flatMap(({ cookies: values, request }) => values.map((value) => ({ value, url: withoutQuery(request.url) })));
    if (set.length === 0) return { skipped: 'No response set a cookie. With --frontend the doctor starts a sign-in.' };
    const names = [...new Set(set.map(({ value }) => nameOf(value)))];
    return { problems: set.flatMap(({ value, url }) => problemOf(value, url)), evidence: names.join(', ') };
  },
};

/** Returns the name of a cookie. A name may end in random characters of one sign-in. */
const nameOf = (cookie: string): string => cookie.split('=', 1)[0] ?? '';

function problemOf(cookie: string, url: string): Problem[] {
  const attributes = cookie
    .split(';')
    .slice(1)
    .map((attribute) => attribute.trim().toLowerCase());
  const lacks = [
    ...(attributes.includes('secure') ? [] : ['Secure']),
    ...(attributes.includes('httponly') ? [] : ['HttpOnly']),
    ...(attributes.some((attribute) => /^samesite=(?:lax|strict|none)$/.test(attribute)) ? [] : ['SameSite']),
  ];
  const name = nameOf(cookie);
  // The value may be a secret, so it stays out of reports.
  const evidence = `${url} sets ${name} with ${attributes.join('; ') || 'no attributes'}`;
  if (lacks.length > 0) return [{ what: `The cookie ${name} lacks ${lacks.join(' and ')}.`, evidence }];
  if (name.startsWith('__Host-')) return [];
  return [{ what: `The name of the cookie ${name} does not begin with __Host-.`, evidence, severity: 'low' }];
}
