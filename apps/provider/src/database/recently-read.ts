const FRESH_MILLISECONDS = 1000;
const MOST_ENTRIES = 1000;

interface Entry<T> {
  readonly readAt: number;
  readonly value: Promise<T | null>;
}

/**
 * Caches rows that are read far more often than they change. Each row is kept for one second, so every replica sees a change
 * within a second. Concurrent callers share one read. A failed read is not kept.
 */
export class RecentlyRead<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly read: (id: string) => Promise<T | null>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns the row, read at most a second ago; null if there is none. */
  find(id: string): Promise<T | null> {
    const known = this.entries.get(id);
    if (known && this.now() - known.readAt < FRESH_MILLISECONDS) return known.value;
    const value = this.read(id);
    value.catch(() => this.entries.delete(id));
    this.entries.delete(id);
    this.entries.set(id, { readAt: this.now(), value });
    if (this.entries.size > MOST_ENTRIES) this.entries.delete(this.entries.keys().next().value ?? id);
    return value;
  }

  /** Removes a row from the cache, after this replica changed it in the database. */
  forget(id: string): void {
    this.entries.delete(id);
  }

  /** Removes all rows from the cache, after another replica changed some of them. */
  forgetAll(): void {
    this.entries.clear();
  }
}
