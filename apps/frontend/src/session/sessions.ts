import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type FrontendConfig } from '../config.js';
import { Sealer } from '../database/encryption.js';
import { STATE_STORE } from '../database/state-store.js';
import { type IndexName, SessionIndex } from './session-index.js';
import { type Session, SessionContent, SessionRecord } from './session.js';

const TOUCH_AFTER_SECONDS = 60;

/** The key of a session in the database: the hash of its id, so that a copy of the database opens no session. */
export const sessionKey = (id: string): string => `session:${sha256(id).toString('base64url')}`;

const now = (): number => Math.floor(Date.now() / 1000);

/** The sessions of people who signed in. */
@Injectable()
export class Sessions {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    private readonly sealer: Sealer,
    private readonly index: SessionIndex,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'SESSION_IDLE_SECONDS' | 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Begins a session under a new id. */
  async create(content: SessionContent): Promise<Session> {
    const session = { id: randomSecret(), createdAt: now(), lastSeenAt: now(), content };
    const key = sessionKey(session.id);
    // The index first: a session that is not in it could not be ended from outside.
    if (content.sid !== undefined) await this.index.add('sid', content.sid, key);
    await this.index.add('sub', content.sub, key);
    await this.store.set(key, this.toRecord(session), this.secondsLeft(session));
    return session;
  }

  /** The session of an id, unless it has ended; at most once a minute this notes that it is in use. */
  async find(id: string): Promise<Session | undefined> {
    const found = await this.read(id);
    if (!found) return undefined;
    if (now() - found.session.lastSeenAt < TOUCH_AFTER_SECONDS) return found.session;
    const touched = { ...found.session, lastSeenAt: now() };
    // Somebody who wrote in the meantime used it too.
    await this.store.compareAndSet(sessionKey(id), found.version, this.toRecord(touched), this.secondsLeft(touched));
    return touched;
  }

  /**
   * Changes the content of a session, starting from what it is now. Undefined when the session has ended, or when
   * `change` returns undefined to leave it as it is.
   */
  async update(
    id: string,
    change: (content: SessionContent) => SessionContent | undefined,
  ): Promise<Session | undefined> {
    for (;;) {
      const found = await this.read(id);
      const content = found && change(found.session.content);
      if (!content) return undefined;
      const session = { ...found.session, content };
      const written = await this.store.compareAndSet(
        sessionKey(id),
        found.version,
        this.toRecord(session),
        this.secondsLeft(session),
      );
      if (written) return session;
    }
  }

  async end(id: string): Promise<void> {
    await this.store.delete(sessionKey(id));
  }

  /** Ends every session that came from one session at the provider, and tells how many it were. */
  endBySid(sid: string): Promise<number> {
    return this.endIndexed('sid', sid);
  }

  /** Ends every session of a person, and tells how many it were. */
  endBySub(sub: string): Promise<number> {
    return this.endIndexed('sub', sub);
  }

  private async endIndexed(name: IndexName, value: string): Promise<number> {
    const keys = await this.index.keysOf(name, value);
    const ended = await Promise.all(keys.map((key) => this.store.delete(key)));
    return ended.filter(Boolean).length;
  }

  private async read(id: string): Promise<{ session: Session; version: number } | undefined> {
    const key = sessionKey(id);
    const entry = await this.store.get(key);
    if (!entry) return undefined;
    const { sealed, ...times } = SessionRecord.parse(entry.value);
    const session = { id, ...times, content: SessionContent.parse(this.sealer.open(sealed, key)) };
    // A lifetime that was configured shorter holds for older sessions too.
    return this.secondsLeft(session) > 0 ? { session, version: entry.version } : undefined;
  }

  private toRecord({ id, createdAt, lastSeenAt, content }: Session): SessionRecord {
    return { createdAt, lastSeenAt, sealed: this.sealer.seal(content, sessionKey(id)) };
  }

  private secondsLeft({ createdAt, lastSeenAt }: Pick<Session, 'createdAt' | 'lastSeenAt'>): number {
    const { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS } = this.config;
    return Math.min(lastSeenAt + SESSION_IDLE_SECONDS, createdAt + SESSION_LIFETIME_SECONDS) - now();
  }
}
