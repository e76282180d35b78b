import { keyOf, keysOf, type RevocableClaims, type Revocation, revokes } from './revocation.js';

interface Registration {
  claims: RevocableClaims;
  listener: () => void;
}

/** Keeps the listeners that wait for the revocation of a token, by the keys of the revocations that can apply to it. */
export class RevocationListeners {
  private readonly registrations = new Map<string, Set<Registration>>();

  /** Adds a listener that is called at most once. Returns a function that removes it. */
  add(claims: RevocableClaims, listener: () => void): () => void {
    const registration = { claims, listener };
    for (const key of keysOf(claims)) {
      const ofKey = this.registrations.get(key) ?? new Set();
      this.registrations.set(key, ofKey.add(registration));
    }
    return () => this.remove(registration);
  }

  /** Calls the listeners of the tokens that a revocation applies to, and removes them. */
  notify(revocation: Revocation): void {
    for (const registration of [...(this.registrations.get(keyOf(revocation)) ?? [])]) {
      if (revokes(revocation, registration.claims)) this.call(registration);
    }
  }

  /** Calls all listeners, and removes them. */
  notifyAll(): void {
    const all = new Set([...this.registrations.values()].flatMap((ofKey) => [...ofKey]));
    for (const registration of all) this.call(registration);
  }

  /** The number of keys that have a listener; 0 when there are no listeners. */
  get size(): number {
    return this.registrations.size;
  }

  private call(registration: Registration): void {
    this.remove(registration);
    registration.listener();
  }

  private remove(registration: Registration): void {
    for (const key of keysOf(registration.claims)) {
      const ofKey = this.registrations.get(key);
      ofKey?.delete(registration);
      if (ofKey?.size === 0) this.registrations.delete(key);
    }
  }
}
