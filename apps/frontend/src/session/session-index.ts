import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CONFIG, type FrontendConfig } from '../config.js';
import { STATE_STORE } from '../database/state-store.js';

// A browser signs in again and again in one session of the provider, and a person with many browsers; only the last ones
// can still be in use.
const LIMITS = { sid: 20, sub: 200 } as const;

/** By what sessions are found: the session at the provider they came from, or the person. */
export type IndexName = keyof typeof LIMITS;

const Keys = z.array(z.string());

/** Which sessions came from a session at the provider (`sid`) or belong to a person (`sub`), so that they can be ended. */
@Injectable()
export class SessionIndex {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Notes that a session belongs to a `sid` or a `sub`. */
  async add(name: IndexName, value: string, key: string): Promise<void> {
    const indexKey = keyOf(name, value);
    const ttl = this.config.SESSION_LIFETIME_SECONDS;
    for (;;) {
      const entry = await this.store.get(indexKey);
      const keys = [...Keys.parse(entry?.value ?? []), key].slice(-LIMITS[name]);
      const written = entry
        ? await this.store.compareAndSet(indexKey, entry.version, keys, ttl)
        : await this.store.setIfAbsent(indexKey, keys, ttl);
      if (written) return;
    }
  }

  /** The keys of the sessions that belong to a `sid` or a `sub`; some may have ended. */
  async keysOf(name: IndexName, value: string): Promise<string[]> {
    return Keys.parse((await this.store.get(keyOf(name, value)))?.value ?? []);
  }
}

const keyOf = (name: IndexName, value: string): string => `${name}:${sha256(value).toString('base64url')}`;
