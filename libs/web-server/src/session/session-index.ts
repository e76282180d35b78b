import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CONFIG, type WebServerConfig } from '../config.js';
import { SealedEntries } from '../database/sealed-entries.js';
import { STATE_STORE } from '../database/state-store.js';

// The largest number of sessions kept per value. One browser can sign in many times within one session of the provider,
// and one user can have many browsers, but only the newest sessions can still be in use.
const LIMITS = { sid: 20, sub: 200 } as const;

/** The claims by which sessions can be found: the session at the provider, or the user. */
export type IndexedClaim = keyof typeof LIMITS;

const KIND = 'session-index';
const Keys = z.array(z.string());

/** A sign-in is finished within this time after the provider has issued its ID token. */
const ENDED_SECONDS = 10 * 60;

/**
 * Finds the sessions that belong to a session at the provider (`sid`) or to a user (`sub`), so that they can be ended.
 * Remembers for ten minutes which ones were ended, so that a sign-in that is being finished meanwhile ends as well.
 */
@Injectable()
export class SessionIndex {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    private readonly entries: SealedEntries,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Adds the key of a session under a `sid` or a `sub`. */
  async add(claim: IndexedClaim, value: string, key: string): Promise<void> {
    const indexKey = indexKeyOf(claim, value);
    const ttl = this.config.SESSION_LIFETIME_SECONDS;
    for (;;) {
      const entry = await this.store.get(indexKey);
      const keys = [...this.parse(entry?.value), key].slice(-LIMITS[claim]);
      const written = entry
        ? await this.store.compareAndSet(indexKey, entry.version, keys, ttl)
        : await this.store.setIfAbsent(indexKey, keys, ttl);
      if (written) return;
    }
  }

  /** Returns the keys of the sessions with a `sid` or a `sub`. Some of these sessions may have ended. */
  async keysOf(claim: IndexedClaim, value: string): Promise<string[]> {
    return this.parse((await this.store.get(indexKeyOf(claim, value)))?.value);
  }

  /** Records that the provider has ended a session (`sid`), or has signed out a user (`sub`), at a time. */
  async markEnded(claim: IndexedClaim, value: string, at: number): Promise<void> {
    await this.store.set(`ended-${indexKeyOf(claim, value)}`, at, ENDED_SECONDS);
  }

  /**
   * Returns whether the provider has ended the session of a sign-in, or has signed out its user, since it issued the ID
   * token. Both times are those of the provider, in whole seconds; within one second the logout counts as the later one.
   */
  async isEnded({ sid, sub }: { sid?: string | undefined; sub: string }, signedInAt: number): Promise<boolean> {
    const ends = await Promise.all([sid === undefined ? undefined : this.endOf('sid', sid), this.endOf('sub', sub)]);
    return ends.some((endedAt) => endedAt !== undefined && signedInAt <= endedAt);
  }

  private async endOf(claim: IndexedClaim, value: string): Promise<number | undefined> {
    const entry = await this.store.get(`ended-${indexKeyOf(claim, value)}`);
    return entry && this.entries.parse('ended-session', entry.value, z.number());
  }

  private parse(value: unknown): string[] {
    return (value !== undefined && this.entries.parse(KIND, value, Keys)) || [];
  }
}

const indexKeyOf = (claim: IndexedClaim, value: string): string => `${claim}:${sha256(value).toString('base64url')}`;
