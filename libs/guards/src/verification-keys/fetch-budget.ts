/** Limits how often something is fetched: some fetches at once, and one more after each interval. */
export class FetchBudget {
  private left: number;
  private countedAt: number;

  /** @param now Milliseconds since 1970. */
  constructor(
    private readonly most: number,
    private readonly intervalMilliseconds: number,
    private readonly now: () => number,
  ) {
    this.left = most;
    this.countedAt = now();
  }

  /** Takes one fetch from the budget. Returns false when none is left. */
  take(): boolean {
    const regained = Math.floor((this.now() - this.countedAt) / this.intervalMilliseconds);
    if (regained !== 0) {
      this.left = Math.min(this.most, this.left + Math.max(0, regained));
      this.countedAt = this.left === this.most ? this.now() : this.countedAt + regained * this.intervalMilliseconds;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }
}
