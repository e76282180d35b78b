import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { OutboundError, OutboundFetcher } from '../outbound/outbound-fetcher.js';
import { readKeySet } from './read-key-set.js';

/** How long a key set is used without asking again, in seconds; the answer may say less, but not less than the least. */
const LONGEST_LIFE = 900;
const LEAST_LIFE = 60;
/**
 * How long nobody asks again after an attempt that failed or was made for a missing key, in seconds: a client that has
 * just changed its keys is not kept waiting, and who invents keys makes no flood.
 */
const COOL_DOWN = 15;
/** How long the last good key set is still used while its address does not answer, in seconds. */
const LONGEST_STALE = 3600;
const MOST_KEY_SETS = 1000;

interface Entry {
  /** Until then nobody asks again. */
  coolUntil: number;
  readonly keySet: Promise<KeySet>;
}

interface KeySet {
  readonly keys: readonly JWK[];
  readonly fetchedAt: number;
  readonly freshUntil: number;
}

/** The key sets that clients publish at their `jwks_uri`, each fetched at most once in a while (RFC 7517 §5). */
@Injectable()
export class PublishedKeySets {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly fetcher: OutboundFetcher) {}

  /**
   * The keys at an address.
   *
   * @param again asks anew, because a key is missing among those that are known; in the cool-down it does not.
   * @throws OutboundError when they cannot be had.
   */
  async find(uri: string, again = false): Promise<readonly JWK[]> {
    const known = this.entries.get(uri);
    if (!known) return (await this.fetch(uri)).keys;
    // Only when it is here: an attempt that was under way may fail meanwhile, and is not to be repeated by who waited.
    const isCool = () => secondsNow() >= known.coolUntil;
    const keySet = await known.keySet.catch((error: unknown) => {
      if (isCool()) return undefined;
      throw error;
    });
    const isFresh = keySet !== undefined && keySet.freshUntil > secondsNow();
    if (keySet && (!isCool() || (isFresh && !again))) return keySet.keys;
    // Another caller may have asked while this one looked.
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
    const keys = readKeySet(json);
    if (!keys) throw new OutboundError('the answer is no JWK set');
    const life = Math.min(Math.max(maxAge, LEAST_LIFE), LONGEST_LIFE);
    return { keys, fetchedAt: secondsNow(), freshUntil: secondsNow() + life };
  }
}

const secondsNow = (): number => Date.now() / 1000;
