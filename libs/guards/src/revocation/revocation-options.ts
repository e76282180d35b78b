/** How a resource server that hears of revocations goes on when it does not; whole seconds. */
export interface RevocationOptions {
  /** How long a revocation counts: at least as long as any token for this server lives; a day when not given. */
  readonly keptSeconds?: number;
  /** How long nothing may be heard of the provider before the list counts as stale: longer than a poll is held; 40 when not given. */
  readonly freshSeconds?: number;
  /** How long reads go on with a stale list; 300 when not given. */
  readonly staleSeconds?: number;
  /** How many revocations are kept in memory; 250,000 when not given (about 90 MB). */
  readonly limit?: number;
}

export const DEFAULT_REVOCATION_OPTIONS = {
  keptSeconds: 86_400,
  freshSeconds: 40,
  staleSeconds: 300,
  limit: 250_000,
} as const satisfies Required<RevocationOptions>;
