import type { RateLimiter, RateLimitResult, StateStore } from '@trefoil/state-store';
import { ProblemError } from '../errors/problem-error.js';
import type { Limits } from './limit.js';

/** Refuses a request beyond a limit: 429 with `Retry-After` (RFC 6585 §4). */
export class TooManyRequestsError extends ProblemError {
  override readonly name = 'TooManyRequestsError';

  constructor(
    /** The name of the limit. */
    readonly limit: string,
    /** Whole seconds, at least 1. */
    readonly retryAfterSeconds: number,
  ) {
    super(429, 'Too Many Requests', {
      detail: `There were too many such requests. Try again in ${retryAfterSeconds} seconds.`,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** An admitted attempt that counts only if it fails. */
export interface Attempt {
  /** Takes back the count, because the attempt succeeded. */
  succeeded(): Promise<void>;
}

/**
 * Counts what senders make a server do, over all replicas, and refuses what exceeds a limit. Each key has a counter of its
 * own, so that one sender never uses up the limit of another.
 */
export class Admission<L extends Limits> {
  private readonly limiters: ReadonlyMap<string, RateLimiter>;

  /** @param limits the one table of all limits of the server. */
  constructor(store: Pick<StateStore, 'rateLimiter'>, limits: L) {
    this.limiters = new Map(
      Object.entries(limits).map(([name, { of, points, windowSeconds }]) => [
        name,
        store.rateLimiter({ name, points, durationSeconds: windowSeconds, remembersRefused: of === 'requests' }),
      ]),
    );
  }

  /**
   * Counts one and admits it.
   *
   * @param key whose counter it is, such as `networkOf(request.ip)`.
   * @throws TooManyRequestsError when the limit is used up.
   */
  async admit(name: keyof L & string, key: string): Promise<void> {
    refuseExceeded(name, await this.limiterOf(name).penalize(key));
  }

  /**
   * Counts an attempt before it is made, so that parallel attempts are limited like those in a row. The count is taken
   * back by {@link Attempt.succeeded}.
   *
   * @param limits each name with its key, in the order in which they are counted.
   * @throws TooManyRequestsError for the first limit that is used up; later ones are not counted then.
   */
  async attempt(...limits: readonly (readonly [name: keyof L & string, key: string])[]): Promise<Attempt> {
    for (const [name, key] of limits) await this.admit(name, key);
    return {
      succeeded: async () => {
        for (const [name, key] of limits) await this.limiterOf(name).refund(key);
      },
    };
  }

  /**
   * Refuses if the limit is used up, and counts nothing.
   *
   * @throws TooManyRequestsError
   */
  async check(name: keyof L & string, key: string): Promise<void> {
    refuseExceeded(name, await this.limiterOf(name).check(key));
  }

  private limiterOf(name: string): RateLimiter {
    const limiter = this.limiters.get(name);
    if (!limiter) throw new Error(`There is no limit ${name}. Add it to the table of limits.`);
    return limiter;
  }
}

function refuseExceeded(name: string, result: RateLimitResult): void {
  if (!result.allowed) throw new TooManyRequestsError(name, result.retryAfterSeconds);
}
