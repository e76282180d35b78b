import { type EndableClaims, type Ending, ends, keyOf, keysOf } from './revocation.js';

interface Watcher {
  claims: EndableClaims;
  listener: () => void;
}

/** Who wants to know when a token ends, by what would end it. */
export class TokenWatchers {
  private readonly watchers = new Map<string, Set<Watcher>>();

  /** Adds a listener that is called once; the function that is returned takes it away. */
  add(claims: EndableClaims, listener: () => void): () => void {
    const watcher = { claims, listener };
    for (const key of keysOf(claims)) {
      const ofKey = this.watchers.get(key) ?? new Set();
      this.watchers.set(key, ofKey.add(watcher));
    }
    return () => this.remove(watcher);
  }

  /** Calls whoever watches a token that this ends. */
  tell(ending: Ending): void {
    for (const watcher of [...(this.watchers.get(keyOf(ending)) ?? [])]) {
      if (ends(ending, watcher.claims)) this.call(watcher);
    }
  }

  tellAll(): void {
    for (const watcher of new Set([...this.watchers.values()].flatMap((ofKey) => [...ofKey]))) this.call(watcher);
  }

  /** How many keys are watched; 0 when nobody is left. */
  get size(): number {
    return this.watchers.size;
  }

  private call(watcher: Watcher): void {
    this.remove(watcher);
    watcher.listener();
  }

  private remove(watcher: Watcher): void {
    for (const key of keysOf(watcher.claims)) {
      const ofKey = this.watchers.get(key);
      ofKey?.delete(watcher);
      if (ofKey?.size === 0) this.watchers.delete(key);
    }
  }
}
