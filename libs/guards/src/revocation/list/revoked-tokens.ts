import { type EndableClaims, type Ending, ends, keyOf, keysOf } from './revocation.js';
import { TokenWatchers } from './revocation-listeners.js';

interface Entry {
  ending: Ending;
  /** Milliseconds since 1970 after which no token that it ends can be alive. */
  until: number;
}

/** What has ended and may still have tokens that have not expired, in memory: asked for each request, in constant time. */
export class EndedTokens {
  // In the order in which they were told, and so in that of their ends.
  private readonly entries = new Map<string, Entry>();
  private readonly watchers = new TokenWatchers();
  private incompleteUntil = -Infinity;

  /** @param limit As many entries are kept; the oldest go first, and as long as they would count the list is not whole. */
  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** False when something had to be left out that still counts. */
  get isWhole(): boolean {
    return this.now() >= this.incompleteUntil;
  }

  add(ending: Ending, until: number): void {
    this.prune();
    if (until <= this.now()) return;
    const key = keyOf(ending);
    const known = this.entries.get(key)?.ending;
    this.entries.delete(key);
    this.entries.set(key, { ending: known ? furtherOf(known, ending) : ending, until });
    if (this.entries.size > this.limit) this.dropOldest();
    this.watchers.tell(ending);
  }

  includes(claims: EndableClaims): boolean {
    for (const key of keysOf(claims)) {
      const entry = this.entries.get(key);
      if (entry && ends(entry.ending, claims)) return true;
    }
    return false;
  }

  /** Calls a listener once when the token ends, at once when it has; the function that is returned ends it. */
  watch(claims: EndableClaims, listener: () => void): () => void {
    if (!this.includes(claims)) return this.watchers.add(claims, listener);
    listener();
    return () => undefined;
  }

  /** Ends every watched token: it can no longer be known which of them are good. */
  endWatched(): void {
    this.watchers.tellAll();
  }

  /** Forgets what ends no token that could still be alive. */
  prune(): void {
    const now = this.now();
    for (const [key, { until }] of this.entries) {
      if (until > now) return;
      this.entries.delete(key);
    }
  }

  private dropOldest(): void {
    const [oldest] = this.entries;
    if (!oldest) return;
    this.entries.delete(oldest[0]);
    this.incompleteUntil = Math.max(this.incompleteUntil, oldest[1].until);
  }
}

/** Of two endings of the same thing the one that ends more. */
function furtherOf(one: Ending, other: Ending): Ending {
  if (one.kind !== 'client' || other.kind !== 'client') return other;
  return (one.generation ?? Infinity) > (other.generation ?? Infinity) ? one : other;
}
