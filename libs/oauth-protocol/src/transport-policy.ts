const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Returns whether a host name means this machine: `localhost`, `*.localhost`, 127.0.0.1 or [::1] (RFC 6761 §6.3). */
export const isLoopbackHost = (hostname: string): boolean =>
  LOOPBACK_HOSTS.has(hostname) || hostname.endsWith('.localhost');

/** Configures which URLs may use plain HTTP. */
export interface TransportPolicy {
  readonly isProduction: boolean;
  /** The origins that may use plain HTTP in every mode, such as that of a hop inside a cluster. */
  readonly plainHttpOrigins: readonly string[];
}

/** The policy of development: plain HTTP on loopback only. */
export const LOOPBACK_HTTP: TransportPolicy = { isProduction: false, plainHttpOrigins: [] };

/**
 * Returns why a URL must not be used for tokens, codes or cookies: it uses plain HTTP. In production plain HTTP is refused;
 * otherwise it is allowed on loopback (OAuth 2.1 §1.5, RFC 9700 §2.6). Origins that the policy names are always allowed.
 *
 * @returns undefined when the URL is allowed.
 */
export function transportProblem(
  address: string | URL,
  { isProduction, plainHttpOrigins }: TransportPolicy,
): string | undefined {
  const { protocol, hostname, origin } = new URL(address);
  if (protocol === 'https:' || (protocol === 'http:' && plainHttpOrigins.includes(origin))) return undefined;
  if (isProduction) return 'must be an https URL when NODE_ENV is production';
  return protocol === 'http:' && isLoopbackHost(hostname) ? undefined : 'must be an https URL, or http on loopback';
}
