import type { Confirmation } from '@trefoil/oauth-protocol';
import { createHash } from 'node:crypto';

/** The members of an introspection response that a check needs (RFC 7662 §2.2). */
export interface Introspection {
  readonly active: boolean;
  readonly aud?: string | readonly string[] | undefined;
  readonly scope?: string | undefined;
  readonly sub?: string | undefined;
  readonly client_id?: string | undefined;
  /** Seconds since 1970. */
  readonly exp?: number | undefined;
  readonly cnf?: Confirmation | undefined;
}

/** The longest time for which a revoked token is still accepted. */
const KEPT_MILLISECONDS = 5000;
const MOST_ENTRIES = 1000;

interface Entry {
  readonly answer: Promise<Introspection>;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Asks the provider about tokens, and keeps each answer for five seconds, but not longer than the token is valid. A cache of
 * nginx could not know when a token expires, and would write the tokens to its files.
 */
export class IntrospectedTokens {
  // In the order of the questions, so that the oldest entry is the first one.
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly introspect: (token: string) => Promise<Introspection>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns what the provider says about a token. An error is not kept. */
  find(token: string): Promise<Introspection> {
    const key = createHash('sha256').update(token).digest('base64url');
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now()) return known.answer;
    this.entries.delete(key);
    const entry = { answer: this.introspect(token), expiresAt: this.now() + KEPT_MILLISECONDS };
    this.entries.set(key, entry);
    entry.answer.then(
      ({ exp }) => (entry.expiresAt = Math.min(entry.expiresAt, (exp ?? Infinity) * 1000)),
      () => this.entries.delete(key),
    );
    const [oldest] = this.entries.keys();
    if (this.entries.size > MOST_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
    return entry.answer;
  }
}
