import { LOOPBACK_HTTP, transportProblem } from '@trefoil/oauth-protocol';

/**
 * Parses the URL of a server to which secrets or tokens are sent (RFC 6750 §5.3).
 *
 * @param plainHttpOrigins the origins that may use plain HTTP although they are not loopback.
 * @throws TypeError when the URL is neither https nor http on loopback.
 */
export function secureUrl(address: string, plainHttpOrigins: readonly string[] = []): URL {
  const problem = transportProblem(address, { ...LOOPBACK_HTTP, plainHttpOrigins });
  if (problem !== undefined) throw new TypeError(`${address} ${problem}, because secrets are sent to it`);
  return new URL(address);
}
