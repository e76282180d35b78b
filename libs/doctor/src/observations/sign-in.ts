import { isHttpUrl } from './endpoints.js';
import { type Answer, isAnswer, type Visit, type Visitor } from './visitor.js';

const MOST_REDIRECTS = 6;

/** Starts a sign-in at a frontend and follows its redirects until the first page, as a browser with cookies does. */
export async function observeSignIn(visitor: Visitor, frontend: string): Promise<Visit[]> {
  const cookies = new Map<string, string>();
  const trail: Visit[] = [];
  let url: string | undefined = `${frontend.replace(/\/$/, '')}/login`;
  while (url !== undefined && trail.length < MOST_REDIRECTS) {
    const { host } = new URL(url);
    const visit: Visit = await visitor.visit({
      url,
      headers: { accept: 'text/html', ...(cookies.has(host) && { cookie: cookies.get(host) ?? '' }) },
    });
    trail.push(visit);
    if (isAnswer(visit) && visit.cookies.length > 0) {
      const added = visit.cookies.map((cookie) => cookie.split(';', 1)[0] ?? '');
      cookies.set(host, [...(cookies.has(host) ? [cookies.get(host)] : []), ...added].join('; '));
    }
    url = isAnswer(visit) ? redirectOf(visit) : undefined;
  }
  return trail;
}

/** Returns the absolute URL of a redirect; undefined when the response is not one. */
export function redirectOf({ status, headers, request }: Answer): string | undefined {
  const location = status >= 300 && status < 400 ? headers.location : undefined;
  if (location === undefined || !URL.canParse(location, request.url)) return undefined;
  const { href } = new URL(location, request.url);
  return isHttpUrl(href) ? href : undefined;
}
