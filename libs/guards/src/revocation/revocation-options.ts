/**
 * Where a resource server learns that a token is revoked: from the provider's stream (SSF 1.0), by introspection (RFC 7662), or
 * nowhere, so that tokens are accepted until they expire.
 */
export type RevocationSource = 'stream' | 'introspection' | 'none';

/** Configures how long a resource server keeps revocations, and how it proceeds when it receives none. Whole seconds. */
export interface RevocationOptions {
  /** Default: `stream` in a server that is a client of the provider. */
  readonly source?: RevocationSource;
  /** With the source `introspection`: how long an answer of the provider is kept. Default: 5. */
  readonly introspectionSeconds?: number;
  /**
   * How long a revocation is kept; that of a single token is kept no longer than the token lives. Tokens with a longer
   * lifetime are introspected for every request, so this must be the longest lifetime of a token for this server.
   * Default: 1 hour.
   */
  readonly keptSeconds?: number;
  /** How long the list is fresh after a poll: longer than the provider holds a poll without events. Default: 40. */
  readonly freshSeconds?: number;
  /** How long reads are answered from a stale list. Default: 300. */
  readonly staleSeconds?: number;
  /** How many revocations are kept in memory. Default: 250,000, which takes about 90 MB. */
  readonly limit?: number;
}

export const DEFAULT_REVOCATION_OPTIONS = {
  keptSeconds: 3600,
  freshSeconds: 40,
  staleSeconds: 300,
  limit: 250_000,
  source: 'stream',
  introspectionSeconds: 5,
} as const satisfies Required<RevocationOptions>;
