/**
 * How well the revocations are known: `fresh` as long as the provider was heard of a moment ago, `stale` for a bounded time
 * afterwards, then `blind`.
 */
export type FeedState = 'fresh' | 'stale' | 'blind';

/** When a feed was last heard of. */
export class Freshness {
  private heardAt = -Infinity;

  /** @param now Milliseconds on a clock that only runs forwards. */
  constructor(
    private readonly options: { readonly freshSeconds: number; readonly staleSeconds: number },
    private readonly now: () => number,
  ) {}

  /** @param secondsAgo When it was heard of, if not now. */
  hear(secondsAgo = 0): void {
    this.heardAt = Math.max(this.heardAt, this.now() - secondsAgo * 1000);
  }

  /** Infinity when it was never heard of. */
  get ageSeconds(): number {
    return (this.now() - this.heardAt) / 1000;
  }

  get state(): FeedState {
    const { freshSeconds, staleSeconds } = this.options;
    if (this.ageSeconds < freshSeconds) return 'fresh';
    return this.ageSeconds < freshSeconds + staleSeconds ? 'stale' : 'blind';
  }
}
