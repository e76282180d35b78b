import { isLoopbackHost } from '@trefoil/oauth-protocol';

/**
 * Parses the URL of a server to which secrets or tokens are sent (RFC 6750 §5.3).
 *
 * @throws TypeError when the URL is neither https nor http on loopback.
 */
export function secureUrl(address: string): URL {
  const url = new URL(address);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return url;
  throw new TypeError(`${address} must be an https URL, or http on loopback, because secrets are sent to it`);
}
