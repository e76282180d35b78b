interface Entry<V> {
  readonly key: string;
  readonly value: V;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Keeps values until they expire. Adding and removing a value takes logarithmic time. */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, Entry<V>>();
  /** A binary heap with the entry that expires first at the top. Replaced entries stay in it until they are at the top. */
  private readonly heap: Entry<V>[] = [];

  /** @param now Milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Entry<V> | undefined {
    return this.entries.get(key);
  }

  /** @param expiresAt Milliseconds since 1970. */
  set(key: string, value: V, expiresAt: number): void {
    const entry = { key, value, expiresAt };
    this.entries.set(key, entry);
    this.heap.push(entry);
    this.moveUp(this.heap.length - 1);
  }

  removeExpired(): void {
    for (let first = this.heap[0]; first && first.expiresAt <= this.now(); first = this.heap[0])
      this.removeFirst(first);
  }

  /** Removes the value that expires first. Returns when it would have expired; undefined when there is no value. */
  dropFirst(): number | undefined {
    for (let first = this.heap[0]; first; first = this.heap[0]) if (this.removeFirst(first)) return first.expiresAt;
    return undefined;
  }

  /** Removes the top of the heap. Returns whether it was an entry of the map. */
  private removeFirst(first: Entry<V>): boolean {
    const last = this.heap.pop();
    if (last && last !== first) {
      this.heap[0] = last;
      this.moveDown(0);
    }
    return this.entries.get(first.key) === first && this.entries.delete(first.key);
  }

  private moveUp(index: number): void {
    const parent = (index - 1) >> 1;
    if (index > 0 && this.swapIfEarlier(index, parent)) this.moveUp(parent);
  }

  private moveDown(index: number): void {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const child = this.isEarlier(right, left) ? right : left;
    if (this.swapIfEarlier(child, index)) this.moveDown(child);
  }

  private isEarlier(index: number, than: number): boolean {
    return (this.heap[index]?.expiresAt ?? Infinity) < (this.heap[than]?.expiresAt ?? Infinity);
  }

  private swapIfEarlier(index: number, than: number): boolean {
    const [one, other] = [this.heap[index], this.heap[than]];
    if (!one || !other || !this.isEarlier(index, than)) return false;
    [this.heap[index], this.heap[than]] = [other, one];
    return true;
  }
}
