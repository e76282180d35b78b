import { Injectable } from '@nestjs/common';
import { type PublicKey, readJwkSet } from '@trefoil/oauth-protocol';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';

/** The seconds for which a key set is used without fetching it again. `Cache-Control` decides between these bounds. */
const LONGEST_LIFE = 900;
const SHORTEST_LIFE = 60;
/**
 * The seconds without another fetch after one that failed or that was made for a missing key. Short enough for a client
 * that has just changed its keys, long enough to stop a flood of requests with invented key ids.
 */
const COOL_DOWN = 15;
/** The seconds for which the last good key set is used while its URL does not answer. */
const LONGEST_STALE = 3600;
/** The number of key sets in memory. The oldest one is dropped for a new one. */
const MOST_KEY_SETS = 1000;

interface Entry {
  /** No fetch happens before this time, in seconds since 1970. */
  coolUntil: number;
  readonly keySet: Promise<KeySet>;
}

interface KeySet {
  readonly keys: readonly PublicKey[];
  readonly fetchedAt: number;
  readonly freshUntil: number;
}

/** Fetches and caches the key sets that clients publish at their `jwks_uri` (RFC 7517 §5). */
@Injectable()
export class PublishedKeySets {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly fetcher: OutboundFetcher) {}

  /**
   * Returns the keys at a URL.
   *
   * @param again fetches the key set even if it is fresh, because a key is missing in it. Has no effect in the cool-down.
   * @throws OutboundError when there is no usable key set.
   */
  async find(uri: string, again = false): Promise<readonly PublicKey[]> {
    const known = this.entries.get(uri);
    if (!known) return (await this.fetch(uri)).keys;
    // Evaluated after the wait, because a fetch that fails meanwhile must not be repeated by every caller that waited.
    const isCooledDown = () => secondsNow() >= known.coolUntil;
    const keySet = await known.keySet.catch((error: unknown) => {
      if (isCooledDown()) return undefined;
      throw error;
    });
    const isFresh = keySet !== undefined && keySet.freshUntil > secondsNow();
    if (keySet && (!isCooledDown() || (isFresh && !again))) return keySet.keys;
    // Another caller may have started a fetch in the meantime.
    const current = this.entries.get(uri);
    return (await (current && current !== known ? current.keySet : this.fetch(uri, keySet, again))).keys;
  }

  private fetch(uri: string, last?: KeySet, again = false): Promise<KeySet> {
    const coolUntil = again ? secondsNow() + COOL_DOWN : 0;
    const keySet = this.read(uri).catch((error: unknown) => {
      entry.coolUntil = secondsNow() + COOL_DOWN;
      if (last && secondsNow() - last.fetchedAt < LONGEST_STALE) return last;
      throw error;
    });
    const entry: Entry = { coolUntil, keySet };
    keySet.catch(() => undefined);
    this.entries.delete(uri);
    this.entries.set(uri, entry);
    if (this.entries.size > MOST_KEY_SETS) this.entries.delete(this.entries.keys().next().value ?? uri);
    return keySet;
  }

  private async read(uri: string): Promise<KeySet> {
    const { json, maxAge = LONGEST_LIFE } = await this.fetcher.getJson(uri);
    const set = readJwkSet(json);
    if (!set) throw new OutboundError('the answer is not a JWK set');
    // A set that is empty on purpose has no keys to ignore.
    if (set.keys.length === 0 && set.ignored > 0) throw new OutboundError('the JWK set has no usable key');
    const life = Math.min(Math.max(maxAge, SHORTEST_LIFE), LONGEST_LIFE);
    return { keys: set.keys, fetchedAt: secondsNow(), freshUntil: secondsNow() + life };
  }
}

const secondsNow = (): number => Date.now() / 1000;
