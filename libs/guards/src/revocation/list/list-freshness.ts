/**
 * How current the list of revocations is: `fresh` shortly after a completed poll of the stream, then `stale` for a bounded
 * time, then `blind`. It is also `blind` before the first poll.
 */
export type Freshness = 'fresh' | 'stale' | 'blind';

/** Knows how current the list of revocations is, from the time of the last completed poll. */
export class ListFreshness {
  private lastPollAt = -Infinity;

  /** @param now Milliseconds on a monotonic clock. */
  constructor(
    private readonly options: { readonly freshSeconds: number; readonly staleSeconds: number },
    private readonly now: () => number,
  ) {}

  /** @param secondsAgo How long ago the poll was completed. */
  recordPoll(secondsAgo = 0): void {
    this.lastPollAt = Math.max(this.lastPollAt, this.now() - secondsAgo * 1000);
  }

  /** Seconds since the last completed poll; Infinity before the first. */
  get ageSeconds(): number {
    return (this.now() - this.lastPollAt) / 1000;
  }

  get state(): Freshness {
    const { freshSeconds, staleSeconds } = this.options;
    if (this.ageSeconds < freshSeconds) return 'fresh';
    return this.ageSeconds < freshSeconds + staleSeconds ? 'stale' : 'blind';
  }
}
