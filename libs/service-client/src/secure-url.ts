import { LOOPBACK_HTTP, transportProblem } from '@trefoil/oauth-protocol';

/**
 * Parses the URL of a server to which secrets or tokens are sent (RFC 6750 §5.3).
 *
 * @param plainHttpOrigins the origins that may use plain HTTP although they are not loopback.
 * @throws TypeError when the URL is neither https nor http on loopback nor at one of these origins.
 */
export function secureUrl(address: string | URL, plainHttpOrigins: readonly string[] = []): URL {
  const url = new URL(address);
  const problem = transportProblem(url, { ...LOOPBACK_HTTP, plainHttpOrigins });
  if (problem !== undefined) throw new TypeError(`${url.href} ${problem}, because secrets are sent to it`);
  return url;
}
