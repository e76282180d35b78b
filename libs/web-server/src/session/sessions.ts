import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { z } from 'zod';
import { Apis } from '../apis/apis.js';
import { CONFIG, type WebServerConfig } from '../config.js';
import { SealedEntries } from '../database/sealed-entries.js';
import { STATE_STORE } from '../database/state-store.js';
import { storedContent, withReleasedToken } from './released-content.js';
import { type Session, type SessionContent, SessionRecord } from './session.js';
import { SessionEndedError } from './session-ended.error.js';
import { type IndexedClaim, SessionIndex } from './session-index.js';

const KIND = 'session';
/** The use of a session is recorded at most once in this time, or in a tenth of `SESSION_IDLE_SECONDS` if that is shorter. */
const TOUCH_AFTER_SECONDS = 60;

/** A session that exists and cannot be read. It counts as absent. */
export const UNREADABLE = Symbol('UNREADABLE');

/** Returns the database key of a session. It is a hash of the id, so a copy of the database opens no session. */
export const sessionKey = (id: string): string => `session:${sha256(id).toString('base64url')}`;

const now = (): number => Math.floor(Date.now() / 1000);

/** Creates, reads, changes and ends the sessions of signed-in users. */
@Injectable()
export class Sessions {
  private readonly stored: z.ZodType<SessionContent>;

  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    private readonly entries: SealedEntries,
    private readonly index: SessionIndex,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'SESSION_IDLE_SECONDS' | 'SESSION_LIFETIME_SECONDS'>,
    private readonly apis: Apis,
  ) {
    this.stored = storedContent(apis.first.resource);
  }

  /**
   * Creates a session with a new id.
   *
   * @param signedInAt When the provider issued the ID token of the sign-in, in seconds since 1970.
   * @throws SessionEndedError when the provider has ended its session or signed the user out since then.
   */
  async create(content: SessionContent, signedInAt = now()): Promise<Session> {
    const session = { id: randomSecret(), createdAt: now(), lastSeenAt: now(), content };
    const key = sessionKey(session.id);
    // The index is written first: back-channel logout could not end a session that is missing in the index.
    if (content.sid !== undefined) await this.index.add('sid', content.sid, key);
    await this.index.add('sub', content.sub, key);
    await this.store.set(key, this.toRecord(session), this.secondsLeft(session));
    // A logout that read the index too early has left its mark before.
    if (await this.index.isEnded(content, signedInAt)) {
      await this.end(session.id);
      throw new SessionEndedError();
    }
    return session;
  }

  /** Returns a session by its id, or undefined when it has ended. Does not count as a use of the session. */
  async find(id: string): Promise<Session | undefined> {
    const found = await this.read(id);
    return found === UNREADABLE ? undefined : found?.session;
  }

  /** Returns a session by its id for a request of its user, and records the use. Returns undefined when it has ended. */
  async use(id: string): Promise<Session | typeof UNREADABLE | undefined> {
    const found = await this.read(id);
    if (found === undefined || found === UNREADABLE) return found;
    const touchAfter = Math.min(TOUCH_AFTER_SECONDS, this.config.SESSION_IDLE_SECONDS / 10);
    if (now() - found.session.lastSeenAt < touchAfter) return found.session;
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
      if (found === undefined || found === UNREADABLE) return undefined;
      const content = change(found.session.content);
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

  /**
   * Ends every session that was created from one session at the provider, and sign-ins that are being finished. Returns the
   * number of sessions ended.
   *
   * @param at When the provider ended it, in seconds since 1970.
   */
  endBySid(sid: string, at = now()): Promise<number> {
    return this.endAll('sid', sid, at);
  }

  /** Ends every session of a user, and sign-ins that are being finished. See {@link endBySid}. */
  endBySub(sub: string, at = now()): Promise<number> {
    return this.endAll('sub', sub, at);
  }

  private async endAll(claim: IndexedClaim, value: string, at: number): Promise<number> {
    // The mark is written first: a session that is missing in the index now is written later, and then finds it.
    await this.index.markEnded(claim, value, at);
    const keys = await this.index.keysOf(claim, value);
    const ended = await Promise.all(keys.map((key) => this.store.delete(key)));
    return ended.filter(Boolean).length;
  }

  /** Returns the seconds after which a session ends when it is not used again. */
  secondsLeft({ createdAt, lastSeenAt }: Pick<Session, 'createdAt' | 'lastSeenAt'>): number {
    const { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS } = this.config;
    // The times are rounded down, so the last use may be up to a second later.
    return Math.min(lastSeenAt + SESSION_IDLE_SECONDS + 1, createdAt + SESSION_LIFETIME_SECONDS) - now();
  }

  private async read(id: string): Promise<{ session: Session; version: number } | typeof UNREADABLE | undefined> {
    const key = sessionKey(id);
    const entry = await this.store.get(key);
    if (!entry) return undefined;
    const record = this.entries.parse(KIND, entry.value, SessionRecord);
    const content = record && this.entries.open(KIND, key, record.sealed, this.stored);
    if (!content) return UNREADABLE;
    const session = { id, createdAt: record.createdAt, lastSeenAt: record.lastSeenAt, content };
    // A lifetime that was shortened in the configuration also applies to existing sessions.
    return this.secondsLeft(session) > 0 ? { session, version: entry.version } : undefined;
  }

  private toRecord({ id, createdAt, lastSeenAt, content }: Session): SessionRecord {
    const shared = withReleasedToken(content, this.apis.first.resource);
    return { createdAt, lastSeenAt, sealed: this.entries.seal(shared, sessionKey(id)) };
  }
}
