/** The origin of a request that a browser sends. */
export interface Initiator {
  /** The page that started the request. Undefined when the user typed the address. */
  page: URL | undefined;
  /** The `Referrer-Policy` of that page. */
  referrerPolicy: string;
  /** The URLs that have redirected the request so far. */
  redirects: readonly URL[];
}

type Site = 'none' | 'same-origin' | 'same-site' | 'cross-site';

/** Returns the headers that tell a server where a navigation comes from (Fetch §3.2, Fetch Metadata). */
export function provenanceHeaders(method: string, url: URL, initiator: Initiator): Record<string, string> {
  const origin = method === 'GET' ? undefined : originHeader(url, initiator);
  const referer = refererHeader(url, initiator);
  return {
    'sec-fetch-site': siteOf(url, initiator),
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-user': '?1',
    ...(origin ? { origin } : {}),
    ...(referer ? { referer } : {}),
  };
}

/** Returns the `Sec-Fetch-Site` relation between the page and the target. The least related hop decides. */
export function siteOf(url: URL, { page, redirects }: Initiator): Site {
  if (!page) return 'none';
  const hops = [...redirects, url];
  if (hops.every((hop) => hop.origin === page.origin)) return 'same-origin';
  return hops.every((hop) => siteName(hop) === siteName(page)) ? 'same-site' : 'cross-site';
}

/** Ports do not separate sites. Subdomains do here, unlike in browsers, because tests use loopback names only. */
function siteName({ protocol, hostname }: URL): string {
  return `${protocol}//${hostname}`;
}

function originHeader(url: URL, { page, referrerPolicy, redirects }: Initiator): string | undefined {
  if (!page) return 'null';
  const sameOrigin = page.origin === url.origin;
  const isHidden =
    referrerPolicy === 'no-referrer' ||
    (referrerPolicy === 'same-origin' && !sameOrigin) ||
    (isDowngrade(page, url) && /^(|no-referrer-when-downgrade|strict-.*)$/.test(referrerPolicy)) ||
    // After a redirect to another origin, the request has a tainted origin.
    redirects.some((hop) => hop.origin !== page.origin);
  return isHidden ? 'null' : page.origin;
}

function refererHeader(url: URL, { page, referrerPolicy }: Initiator): string | undefined {
  if (!page) return undefined;
  const sameOrigin = page.origin === url.origin;
  if (referrerPolicy === 'no-referrer' || (referrerPolicy === 'same-origin' && !sameOrigin)) return undefined;
  if (isDowngrade(page, url)) return undefined;
  return sameOrigin && !/^(strict-)?origin$/.test(referrerPolicy) ? page.href.replace(/#.*$/, '') : `${page.origin}/`;
}

function isDowngrade(page: URL, url: URL): boolean {
  return page.protocol === 'https:' && url.protocol === 'http:';
}
