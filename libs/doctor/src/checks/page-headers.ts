import type { Check, Problem } from '../check.js';
import { type Answer, isAnswer, isPage, withoutQuery } from '../observations/visitor.js';

/** Checks the headers that protect the pages of the issuer and of the frontend in a browser. */
export const pageHeaders: Check = {
  rule: 'page-headers',
  group: 'Sign-in',
  title: 'Pages cannot be framed, leak no URL, and are not reinterpreted',
  source: 'RFC 9700 §4.16, §4.2.4; CSP Level 3, frame-ancestors',
  severity: 'medium',
  why: 'Another site could show the page invisibly and steal clicks on it, or learn codes from the Referer header.',
  fix: "Send Content-Security-Policy with frame-ancestors 'none', Referrer-Policy (same-origin or no-referrer) and X-Content-Type-Options: nosniff with every page.",
  judge({ unknownClient, signIn }) {
    const pages = [...unknownClient, ...signIn].filter(isAnswer).filter(isPage);
    if (pages.length === 0) return { skipped: 'No response was a page.' };
    const byUrl = new Map(pages.map((page) => [withoutQuery(page.request.url), page]));
    return {
      problems: [...byUrl].flatMap(([url, page]) => problemsOf(url, page)),
      evidence: [...byUrl.keys()].join('; '),
    };
  },
};

function problemsOf(url: string, { headers }: Answer): Problem[] {
  const policy = headers['content-security-policy'] ?? '';
  const frames = headers['x-frame-options'] ?? '';
  const isFramed = !/frame-ancestors\s+[^*;]+(?:;|$)/.test(policy) && !/^(?:deny|sameorigin)$/i.test(frames);
  const referrer = headers['referrer-policy'];
  return [
    ...(isFramed
      ? [
          {
            what: `${url} can be put into a frame of any site.`,
            evidence: `Content-Security-Policy: ${policy || 'missing'}`,
          },
        ]
      : []),
    ...(referrer === undefined || referrer === 'unsafe-url'
      ? [
          {
            what: `${url} sets no Referrer-Policy.`,
            evidence: `Referrer-Policy: ${referrer ?? 'missing'}`,
            severity: 'low' as const,
          },
        ]
      : []),
    ...(headers['x-content-type-options'] === 'nosniff'
      ? []
      : [
          {
            what: `${url} lets browsers guess its type.`,
            evidence: 'X-Content-Type-Options: missing',
            severity: 'low' as const,
          },
        ]),
  ];
}
