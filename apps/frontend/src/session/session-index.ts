import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CONFIG, type FrontendConfig } from '../config.js';
import { STATE_STORE } from '../state/state-store.js';

// A browser signs in again and again in one session of the provider; only the last ones can still be in use.
const LIMIT = 20;

const Keys = z.array(z.string());

/** Which sessions came from a session at the provider (`sid`), so that its end can end them. */
@Injectable()
export class SessionIndex {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Notes that a session came from `sid`. */
  async add(sid: string, key: string): Promise<void> {
    const indexKey = keyOf(sid);
    const ttl = this.config.SESSION_LIFETIME_SECONDS;
    for (;;) {
      const entry = await this.store.get(indexKey);
      const keys = [...Keys.parse(entry?.value ?? []), key].slice(-LIMIT);
      const written = entry
        ? await this.store.compareAndSet(indexKey, entry.version, keys, ttl)
        : await this.store.setIfAbsent(indexKey, keys, ttl);
      if (written) return;
    }
  }

  /** The keys of the sessions that came from `sid`; some may have ended. */
  async keysOf(sid: string): Promise<string[]> {
    return Keys.parse((await this.store.get(keyOf(sid)))?.value ?? []);
  }
}

const keyOf = (sid: string): string => `sid:${sha256(sid).toString('base64url')}`;
