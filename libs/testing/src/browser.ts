import type { LookupFunction } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { CookieJar } from 'tough-cookie';
import { type Initiator, provenanceHeaders, siteOf } from './browser-headers.js';
import { type Exchange, exchange } from './http-exchange.js';
import { Page } from './page.js';
import { findTokens, type FoundToken } from './received-tokens.js';

/** The settings of a {@link Browser}. */
export interface BrowserOptions {
  /** URL prefixes that the browser must not visit. A redirect to one of them is shown as a page. */
  stopAt?: string | readonly string[];
  /** Headers that every request carries, such as `accept-language`. */
  headers?: Record<string, string>;
  /** The trusted certificates for HTTPS. */
  ca?: SecureContextOptions['ca'];
  /** The address at which every HTTPS host is reached, in place of the one in DNS. */
  address?: string;
}

interface Navigation {
  body?: string;
  /** The page that started the navigation. Undefined when the user typed the address. */
  from?: Page;
  /** Whether redirects are followed. When false, a redirect is shown as a page. */
  follow?: boolean;
}

const maximumRedirects = 20;

/**
 * A browser without JavaScript. It keeps cookies (ports share them, as in real browsers), follows redirects, submits
 * forms, sends the headers that tell where a request comes from, and records everything that it sends and receives.
 *
 * @example
 * const browser = new Browser();
 * const page = await browser.open('http://localhost:3000/login');
 * const profile = await page.submit('#login', { username: 'alice@example.com', password: '…' });
 */
export class Browser {
  readonly cookies = new CookieJar(undefined, { prefixSecurity: 'strict' });
  /** All requests and responses, in their order. */
  readonly transcript: Exchange[] = [];

  constructor(private readonly options: BrowserOptions = {}) {}

  /** Opens an address as if the user had typed it. */
  async open(url: string | URL, { follow }: { follow?: boolean } = {}): Promise<Page> {
    return this.navigate('GET', new URL(url), { follow });
  }

  /** Posts a form that is not on the current page, as the page of an attacker would. */
  async post(url: string | URL, values: Record<string, string>, from?: Page): Promise<Page> {
    return this.navigate('POST', new URL(url), { body: new URLSearchParams(values).toString(), from });
  }

  /** Sends a request, stores the cookies of the response, and follows redirects unless told otherwise. */
  async navigate(method: string, url: URL, { body, from, follow = true }: Navigation = {}): Promise<Page> {
    const initiator = { page: from?.url, referrerPolicy: referrerPolicyOf(from), redirects: [] as URL[] };
    const first = await this.send(method, url, body, initiator);
    const hops: [...Exchange[], Exchange] = [first];
    let page = new Page(this, hops);
    while (follow && isRedirect(page.status) && page.location && !this.mustNotVisit(page.location)) {
      if (hops.length > maximumRedirects) throw new Error(`More than ${maximumRedirects} redirects from ${url.href}`);
      const keepsMethod = page.status === 307 || page.status === 308;
      initiator.redirects.push(page.url);
      hops.push(
        await this.send(keepsMethod ? method : 'GET', page.location, keepsMethod ? body : undefined, initiator),
      );
      page = new Page(this, hops);
    }
    return page;
  }

  /** Returns the value of a cookie that a request to an address would carry. */
  async cookie(name: string, url: string | URL): Promise<string | undefined> {
    const cookies = await this.cookies.getCookies(String(url));
    return cookies.find(({ key }) => key === name)?.value;
  }

  /**
   * Returns the tokens in all recorded responses. The authorization code in the redirect to the client is not among
   * them, because it is the one credential that must pass through the browser.
   */
  receivedTokens(): FoundToken[] {
    return this.transcript.flatMap(findTokens);
  }

  private async send(method: string, url: URL, body: string | undefined, initiator: Initiator): Promise<Exchange> {
    const crossSite = siteOf(url, initiator) === 'cross-site';
    const sameSiteContext = crossSite ? (method === 'GET' ? 'lax' : 'none') : 'strict';
    const cookie = await this.cookies.getCookieString(url.href, { sameSiteContext });
    const headers = {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'accept-language': 'en',
      'user-agent': 'Mozilla/5.0 (without JavaScript)',
      ...provenanceHeaders(method, url, initiator),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(cookie ? { cookie } : {}),
      ...this.options.headers,
    };
    const { ca, address } = this.options;
    const tls = {
      ...(ca && { ca }),
      ...(address && { lookup: lookupOf(address) }),
    };
    const received = await exchange({ method, url: withoutFragment(url), headers, body }, tls);
    this.transcript.push(received);
    // A browser stores SameSite cookies of every top-level navigation, also of one that sent none (RFC 6265bis §5.7).
    for (const setCookie of received.headers.getSetCookie()) {
      await this.cookies.setCookie(setCookie, url.href, { ignoreError: true });
    }
    return received;
  }

  private mustNotVisit(url: URL): boolean {
    return [this.options.stopAt ?? []].flat().some((address) => url.href.startsWith(address));
  }
}

/** Returns a resolver that finds every host at one IPv4 address. */
function lookupOf(address: string): LookupFunction {
  return (_host, { all }, done) => (all ? done(null, [{ address, family: 4 }]) : done(null, address, 4));
}

function referrerPolicyOf(page: Page | undefined): string {
  return page?.headers.get('referrer-policy')?.split(',').pop()?.trim() ?? '';
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function withoutFragment(url: URL): URL {
  const stripped = new URL(url);
  stripped.hash = '';
  return stripped;
}
