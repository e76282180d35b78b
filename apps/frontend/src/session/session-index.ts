import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CONFIG, type FrontendConfig } from '../config.js';
import { STATE_STORE } from '../database/state-store.js';

// The largest number of sessions kept per value. One browser can sign in many times within one session of the provider,
// and one user can have many browsers, but only the newest sessions can still be in use.
const LIMITS = { sid: 20, sub: 200 } as const;

/** The claims by which sessions can be found: the session at the provider, or the user. */
export type IndexedClaim = keyof typeof LIMITS;

const Keys = z.array(z.string());

/** Finds the sessions that belong to a session at the provider (`sid`) or to a user (`sub`), so that they can be ended. */
@Injectable()
export class SessionIndex {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Adds the key of a session under a `sid` or a `sub`. */
  async add(claim: IndexedClaim, value: string, key: string): Promise<void> {
    const indexKey = indexKeyOf(claim, value);
    const ttl = this.config.SESSION_LIFETIME_SECONDS;
    for (;;) {
      const entry = await this.store.get(indexKey);
      const keys = [...Keys.parse(entry?.value ?? []), key].slice(-LIMITS[claim]);
      const written = entry
        ? await this.store.compareAndSet(indexKey, entry.version, keys, ttl)
        : await this.store.setIfAbsent(indexKey, keys, ttl);
      if (written) return;
    }
  }

  /** Returns the keys of the sessions with a `sid` or a `sub`. Some of these sessions may have ended. */
  async keysOf(claim: IndexedClaim, value: string): Promise<string[]> {
    return Keys.parse((await this.store.get(indexKeyOf(claim, value)))?.value ?? []);
  }
}

const indexKeyOf = (claim: IndexedClaim, value: string): string => `${claim}:${sha256(value).toString('base64url')}`;
