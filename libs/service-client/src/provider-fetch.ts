import { secureUrl } from './secure-url.js';

/** Says how this server reaches a provider. */
export interface ProviderAddress {
  /** The provider, exactly as in the `issuer` member of its metadata. */
  readonly issuer: string;
  /** The URL at which this server reaches the provider, when it differs from the issuer, such as inside a cluster. */
  readonly internalUrl?: string | undefined;
  /** The origins inside a private network, beside loopback, to which requests may be sent over plain http. */
  readonly plainHttpOrigins?: readonly string[] | undefined;
}

/**
 * Returns a `fetch` for requests to a provider. It sends requests for URLs of the issuer to the internal URL, and refuses plain
 * http to other origins than the allowed ones, also for URLs that come from the metadata of the provider.
 *
 * ```ts
 * const address = { issuer: 'https://id.example.com', internalUrl: 'https://provider.trefoil.svc' };
 * await providerFetch(address)('https://id.example.com/jwks'); // is sent to https://provider.trefoil.svc/jwks
 * ```
 */
export function providerFetch(address: ProviderAddress, send?: typeof fetch): typeof fetch {
  const { issuer, internalUrl, plainHttpOrigins } = address;
  return async (input, init) => {
    const given = input instanceof Request ? input.url : input;
    const url = internalUrl === undefined ? new URL(given) : internalAddress(new URL(given), issuer, internalUrl);
    secureUrl(url, plainHttpOrigins);
    const fetchAny = send ?? fetch;
    return input instanceof Request ? fetchAny(new Request(url, input), init) : fetchAny(url, init);
  };
}

/**
 * Returns the URL at which this server reaches a URL of the provider. Only the beginning changes: the path below the issuer and
 * the query stay as they are. URLs at other origins are returned unchanged.
 */
export function internalAddress(url: URL, issuer: string, internalUrl: string): URL {
  const [outside, inside] = [new URL(issuer), new URL(internalUrl)];
  if (url.origin !== outside.origin) return url;
  const changed = new URL(url);
  changed.protocol = inside.protocol;
  changed.host = inside.host;
  // A host without a port does not remove the port of the URL.
  changed.port = inside.port;
  changed.pathname = internalPath(url.pathname, basePath(outside), basePath(inside));
  return changed;
}

/** Returns the path of a URL without the slash at its end. */
const basePath = ({ pathname }: URL): string => pathname.replace(/\/$/, '');

function internalPath(path: string, outside: string, inside: string): string {
  if (path === outside || path.startsWith(`${outside}/`)) return inside + path.slice(outside.length);
  // The well-known part of RFC 8414 §3.1 comes before the path of the issuer.
  const [wellKnown] = /^\/\.well-known\/[^/]+/.exec(path) ?? [];
  return wellKnown !== undefined && path === wellKnown + outside ? wellKnown + inside : path;
}
