import { isLoopbackHost } from '@trefoil/oauth-protocol';

/**
 * Parses the address of a server that is to receive a secret or a token: https, or http on this machine
 * (RFC 6750 §5.3).
 *
 * @throws TypeError
 */
export function secureUrl(address: string): URL {
  const url = new URL(address);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return url;
  throw new TypeError(`${address} must be https, because a secret is sent there`);
}
