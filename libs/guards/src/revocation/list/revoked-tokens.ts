import { ExpiringMap } from './expiring-map.js';
import { RevocationListeners } from './revocation-listeners.js';
import { keyOf, keysOf, type RevocableClaims, type Revocation, revokes } from './revocation.js';

/** Keeps in memory the revocations that can apply to tokens that have not expired. A lookup takes constant time. */
export class RevokedTokens {
  private readonly entries: ExpiringMap<Revocation>;
  private readonly listeners = new RevocationListeners();
  private incompleteUntil = -Infinity;

  /**
   * @param limit The maximum number of entries. Beyond it, the entry that expires first is dropped, and the list is incomplete
   *   until that entry would have expired.
   * @param now Milliseconds since 1970.
   */
  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {
    this.entries = new ExpiringMap(now);
  }

  get size(): number {
    return this.entries.size;
  }

  /** False while the list lacks a revocation that was dropped or could not be read, and has not expired. */
  get isComplete(): boolean {
    return this.now() >= this.incompleteUntil;
  }

  /**
   * Adds a revocation and notifies the listeners of the tokens that it applies to.
   *
   * @param expiresAt Milliseconds since 1970. From then on, every token that the revocation applies to has expired.
   */
  add(revocation: Revocation, expiresAt: number): void {
    this.removeExpired();
    if (expiresAt <= this.now()) return;
    const key = keyOf(revocation);
    const known = this.entries.get(key);
    const broader = known ? broaderOf(known.value, revocation) : revocation;
    this.entries.set(key, broader, Math.max(known?.expiresAt ?? 0, expiresAt));
    if (this.entries.size > this.limit) this.recordMissing(this.entries.dropFirst() ?? expiresAt);
    this.listeners.notify(revocation);
  }

  /**
   * Records that the list lacks a revocation, because there is no room for it or it could not be read.
   *
   * @param expiresAt Milliseconds since 1970.
   */
  recordMissing(expiresAt: number): void {
    this.incompleteUntil = Math.max(this.incompleteUntil, expiresAt);
  }

  includes(claims: RevocableClaims): boolean {
    for (const key of keysOf(claims)) {
      const entry = this.entries.get(key);
      if (entry && revokes(entry.value, claims)) return true;
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
    this.entries.removeExpired();
  }
}

/** Returns, of two revocations with the same key, the one that applies to more tokens. */
function broaderOf(one: Revocation, other: Revocation): Revocation {
  if (one.kind !== 'client' || other.kind !== 'client') return other;
  return (one.generation ?? Infinity) > (other.generation ?? Infinity) ? one : other;
}
