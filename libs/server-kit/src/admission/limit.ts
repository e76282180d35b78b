/** A limit on how often one sender may make a server do something within a time. */
export interface Limit {
  /** What is counted, such as `Authorization requests that wait for a person`. Shown in docs/limits.md. */
  readonly counts: string;
  /** Whose requests share one counter, such as `network` or `account and network`. Shown in docs/limits.md. */
  readonly per: string;
  /** `requests`: a count stays. `failures`: attempts are counted before they are made, and taken back if they succeed. */
  readonly of: 'requests' | 'failures';
  /** How many are admitted within {@link windowSeconds}. */
  readonly points: number;
  readonly windowSeconds: number;
  /** The environment variable that sets {@link points}; absent when the number is fixed. */
  readonly setting?: string;
}

/** The limits of one server, by name. The name is the key of the counter in the state store. */
export type Limits = Readonly<Record<string, Limit>>;

/** A bound on the size or number of something, which needs no counter. Shown in docs/limits.md. */
export interface Bound {
  readonly of: string;
  readonly most: string;
  readonly setting?: string;
}
