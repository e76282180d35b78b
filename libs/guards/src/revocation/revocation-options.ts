/** Configures how long a resource server keeps revocations, and how it proceeds when it receives none. Whole seconds. */
export interface RevocationOptions {
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
} as const satisfies Required<RevocationOptions>;
