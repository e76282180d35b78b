import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type FrontendConfig } from '../config.js';
import { Encryption } from '../database/encryption.js';
import { STATE_STORE } from '../database/state-store.js';
import { type Session, SessionContent, SessionRecord } from './session.js';
import { type IndexedClaim, SessionIndex } from './session-index.js';

const TOUCH_AFTER_SECONDS = 60;

/** Returns the database key of a session. It is a hash of the id, so a copy of the database opens no session. */
export const sessionKey = (id: string): string => `session:${sha256(id).toString('base64url')}`;

const now = (): number => Math.floor(Date.now() / 1000);

/** Creates, reads, changes and ends the sessions of signed-in users. */
@Injectable()
export class Sessions {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    private readonly encryption: Encryption,
    private readonly index: SessionIndex,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'SESSION_IDLE_SECONDS' | 'SESSION_LIFETIME_SECONDS'>,
  ) {}

  /** Creates a session with a new id. */
  async create(content: SessionContent): Promise<Session> {
    const session = { id: randomSecret(), createdAt: now(), lastSeenAt: now(), content };
    const key = sessionKey(session.id);
    // The index is written first: back-channel logout could not end a session that is missing in the index.
    if (content.sid !== undefined) await this.index.add('sid', content.sid, key);
    await this.index.add('sub', content.sub, key);
    await this.store.set(key, this.toRecord(session), this.secondsLeft(session));
    return session;
  }

  /** Returns a session by its id, or undefined when it has ended. Records its use at most once a minute. */
  async find(id: string): Promise<Session | undefined> {
    const found = await this.read(id);
    if (!found) return undefined;
    if (now() - found.session.lastSeenAt < TOUCH_AFTER_SECONDS) return found.session;
    const touched = { ...found.session, lastSeenAt: now() };
    // A conflict needs no retry: the other writer recorded the use as well.
    await this.store.compareAndSet(sessionKey(id), found.version, this.toRecord(touched), this.secondsLeft(touched));
    return touched;
  }

  /**
   * Changes the content of a session by compare-and-set, and retries with the current content after a conflict.
   *
   * @param change Returns the new content, or undefined to leave the session unchanged.
   * @returns the changed session; undefined when the session has ended or was left unchanged.
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

  /** Ends every session that was created from one session at the provider. Returns the number of sessions ended. */
  endBySid(sid: string): Promise<number> {
    return this.endAll('sid', sid);
  }

  /** Ends every session of a user. Returns the number of sessions ended. */
  endBySub(sub: string): Promise<number> {
    return this.endAll('sub', sub);
  }

  private async endAll(claim: IndexedClaim, value: string): Promise<number> {
    const keys = await this.index.keysOf(claim, value);
    const ended = await Promise.all(keys.map((key) => this.store.delete(key)));
    return ended.filter(Boolean).length;
  }

  private async read(id: string): Promise<{ session: Session; version: number } | undefined> {
    const key = sessionKey(id);
    const entry = await this.store.get(key);
    if (!entry) return undefined;
    const { sealed, ...times } = SessionRecord.parse(entry.value);
    const session = { id, ...times, content: SessionContent.parse(this.encryption.decrypt(sealed, key)) };
    // A lifetime that was shortened in the configuration also applies to existing sessions.
    return this.secondsLeft(session) > 0 ? { session, version: entry.version } : undefined;
  }

  private toRecord({ id, createdAt, lastSeenAt, content }: Session): SessionRecord {
    return { createdAt, lastSeenAt, sealed: this.encryption.encrypt(content, sessionKey(id)) };
  }

  private secondsLeft({ createdAt, lastSeenAt }: Pick<Session, 'createdAt' | 'lastSeenAt'>): number {
    const { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS } = this.config;
    return Math.min(lastSeenAt + SESSION_IDLE_SECONDS, createdAt + SESSION_LIFETIME_SECONDS) - now();
  }
}
