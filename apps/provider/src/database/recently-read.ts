const FRESH_MILLISECONDS = 1000;
const MOST_ENTRIES = 1000;

interface Entry<T> {
  readonly readAt: number;
  readonly value: Promise<T | null>;
}

/**
 * Rows that are read far more often than they change, each kept for one second, so that load does not multiply reads
 * and a change is seen by every replica within that second. A failed read is not kept.
 */
export class RecentlyRead<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly read: (id: string) => Promise<T | null>,
    private readonly now: () => number = Date.now,
  ) {}

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

  /** Reads again next time: this replica has changed what is stored. */
  forget(id: string): void {
    this.entries.delete(id);
  }

  /** Reads everything again next time: somebody has changed what is stored. */
  forgetAll(): void {
    this.entries.clear();
  }
}
