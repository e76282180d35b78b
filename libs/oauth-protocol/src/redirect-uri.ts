import { LOOPBACK_HTTP, type TransportPolicy, transportProblem } from './transport-policy.js';

const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '[::1]']);

function parse(uri: string): URL | undefined {
  return URL.canParse(uri) ? new URL(uri) : undefined;
}

/** The characters of a URI (RFC 3986 §2) without `#` and `*`. Parsers drop other characters, or give them a meaning. */
const URI_WITHOUT_FRAGMENT = /^(?:[\w\-.~:/?[\]@!$&'()+,;=]|%[\dA-Fa-f]{2})+$/;

/**
 * Returns whether a URI may be registered as a redirect URI. It must be absolute, have no fragment, and use https, or
 * http where the policy allows it: by default on loopback (OAuth 2.1 §2.3.1, RFC 8252 §7.3).
 */
export function isRegistrableRedirectUri(uri: string, policy: TransportPolicy = LOOPBACK_HTTP): boolean {
  const url = parse(uri);
  if (!url || !URI_WITHOUT_FRAGMENT.test(uri) || url.username !== '' || url.password !== '') return false;
  if (!/^https?:\/\/[^/]/i.test(uri)) return false;
  return transportProblem(url, policy) === undefined;
}

/**
 * Returns whether a native app may register a URI because of its private-use scheme. The scheme must be derived from a
 * domain name, so it contains a dot, as in `com.example.app:/callback` (RFC 8252 §7.1).
 */
export function isPrivateUseRedirectUri(uri: string): boolean {
  return /^[a-z][a-z\d+-]*(?:\.[a-z\d+-]+)+:\/./i.test(uri) && URI_WITHOUT_FRAGMENT.test(uri) && URL.canParse(uri);
}

/**
 * Returns whether a requested redirect URI matches a registered one. Both must be the same string (RFC 9700 §2.1),
 * except that any port is accepted on a loopback IP address, because a native app cannot choose its port (RFC 8252
 * §7.3). The same applies to `localhost` when the registered URI has no port, as most native apps register it.
 */
export function redirectUriMatches(requested: string, registered: string): boolean {
  if (requested === registered) return true;
  const a = parse(requested);
  const b = parse(registered);
  if (!a || !b || b.protocol !== 'http:' || !acceptsAnyPort(b)) return false;
  const written = `http://${a.hostname}${a.port ? `:${a.port}` : ''}${a.pathname}${a.search}`;
  // Parsing normalizes a URL. Only a URL that needed no normalization may match.
  return (
    (requested === written || `${requested}/` === written) &&
    a.hostname === b.hostname &&
    a.pathname === b.pathname &&
    a.search === b.search
  );
}

const acceptsAnyPort = ({ hostname, port }: URL): boolean =>
  LOOPBACK_ADDRESSES.has(hostname) || (hostname === 'localhost' && port === '');
