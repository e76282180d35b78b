import { RevocationListeners } from './revocation-listeners.js';
import { keyOf, keysOf, type RevocableClaims, type Revocation, revokes } from './revocation.js';

interface Entry {
  revocation: Revocation;
  /** Milliseconds since 1970. From then on, every token that the revocation applies to has expired. */
  expiresAt: number;
}

/** Keeps in memory the revocations that can apply to tokens that have not expired. A lookup takes constant time. */
export class RevokedTokens {
  // In the order in which they were added, which is also the order in which they expire.
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new RevocationListeners();
  private incompleteUntil = -Infinity;

  /**
   * @param limit The maximum number of entries. Beyond it, the oldest entry is dropped, and the list is incomplete until that
   *   entry would have expired.
   * @param now Milliseconds since 1970.
   */
  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** False while the list lacks an entry that was dropped and has not expired. */
  get isComplete(): boolean {
    return this.now() >= this.incompleteUntil;
  }

  /**
   * Adds a revocation and notifies the listeners of the tokens that it applies to.
   *
   * @param expiresAt Milliseconds since 1970.
   */
  add(revocation: Revocation, expiresAt: number): void {
    this.removeExpired();
    if (expiresAt <= this.now()) return;
    const key = keyOf(revocation);
    const known = this.entries.get(key)?.revocation;
    this.entries.delete(key);
    this.entries.set(key, { revocation: known ? broaderOf(known, revocation) : revocation, expiresAt });
    if (this.entries.size > this.limit) this.dropOldest();
    this.listeners.notify(revocation);
  }

  includes(claims: RevocableClaims): boolean {
    for (const key of keysOf(claims)) {
      const entry = this.entries.get(key);
      if (entry && revokes(entry.revocation, claims)) return true;
    }
    return false;
  }

  /** Calls the listener once when the token is revoked, or at once if it already is. Returns a function that removes it. */
  onRevoked(claims: RevocableClaims, listener: () => void): () => void {
    if (!this.includes(claims)) return this.listeners.add(claims, listener);
    listener();
    return () => undefined;
  }

  /** Notifies all listeners, for when it is no longer known whether their tokens are revoked. */
  notifyAllListeners(): void {
    this.listeners.notifyAll();
  }

  removeExpired(): void {
    const now = this.now();
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt > now) return;
      this.entries.delete(key);
    }
  }

  private dropOldest(): void {
    const [oldest] = this.entries;
    if (!oldest) return;
    this.entries.delete(oldest[0]);
    this.incompleteUntil = Math.max(this.incompleteUntil, oldest[1].expiresAt);
  }
}

/** Returns, of two revocations with the same key, the one that applies to more tokens. */
function broaderOf(one: Revocation, other: Revocation): Revocation {
  if (one.kind !== 'client' || other.kind !== 'client') return other;
  return (one.generation ?? Infinity) > (other.generation ?? Infinity) ? one : other;
}
