import type { Check } from '../check.js';
import { membersOf } from '../observations/metadata.js';

/** Checks that both metadata documents name the issuer exactly as clients are configured with it. */
export const issuerEquality: Check = {
  rule: 'issuer-equality',
  group: 'Metadata',
  title: 'Both metadata documents name exactly the issuer that was asked for',
  source: 'RFC 8414 §3.3, OpenID Connect Discovery 1.0 §4.3',
  severity: 'high',
  why: 'Clients must refuse the metadata, and tokens with this issuer, because one server could speak for another one.',
  fix: 'Configure the issuer with one spelling everywhere: at the provider (ISSUER), at each client and at each resource server.',
  judge({ target, documents }) {
    const found = [documents.openid, documents.oauth].flatMap((visit) => {
      const members = membersOf(visit);
      return members ? [{ url: visit.request.url, issuer: members.issuer }] : [];
    });
    const others = [...new Set(found.map(({ issuer }) => issuer))].filter((issuer) => issuer !== target.issuer);
    return {
      problems: others.map((issuer) => ({
        what:
          typeof issuer === 'string'
            ? `The metadata names another issuer, which differs in ${differenceOf(issuer, target.issuer)}.`
            : 'The metadata names no issuer.',
        evidence: `issuer is ${JSON.stringify(issuer) ?? 'missing'} in ${found
          .filter((document) => document.issuer === issuer)
          .map(({ url }) => url)
          .join(' and ')}, asked for ${JSON.stringify(target.issuer)}`,
      })),
      evidence: found.map(({ url }) => url).join('; '),
    };
  },
};

function differenceOf(a: string, b: string): string {
  if (a.replace(/\/$/, '') === b.replace(/\/$/, '')) return 'the trailing slash';
  if (a.toLowerCase() === b.toLowerCase()) return 'upper and lower case';
  if (a.replace(/^https?:/, '') === b.replace(/^https?:/, '')) return 'the scheme';
  if (!URL.canParse(a)) return 'that it is not a URL';
  return new URL(a).host === new URL(b).host ? 'the path' : 'the host or port';
}
