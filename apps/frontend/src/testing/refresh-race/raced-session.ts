import { DependencyUnavailableError } from '@trefoil/server-kit';
import { PostgresStateStore, type StateStore } from '@trefoil/state-store';
import { Interleaving } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { AccessTokens } from '../../access-tokens/access-tokens.js';
import { RefreshRetries } from '../../access-tokens/refresh-retrier.js';
import { SessionEndedError } from '../../session/session-ended.error.js';
import { SessionIndex } from '../../session/session-index.js';
import { sessionKey, Sessions } from '../../session/sessions.js';
import { type Sealer } from '../../database/encryption.js';
import { ModelProvider } from './model-provider.js';

/** The database was told to fail. */
export class StatementError extends Error {}

/** When a statement fails: how many were sent before it, and whether the database had done it all the same. */
export interface Fault {
  readonly at: number;
  readonly done: boolean;
}

const LIFETIMES = { SESSION_IDLE_SECONDS: 3600, SESSION_LIFETIME_SECONDS: 7200 };

interface FrontendReplica {
  readonly sessions: Sessions;
  readonly accessTokens: AccessTokens;
}

/** How a replica is put together; a test may put a broken part in. */
export interface Parts {
  readonly store?: (store: StateStore) => StateStore;
  readonly Sessions?: typeof Sessions;
}

/** One session at two replicas of the frontend, whose statements are the steps of an interleaving. */
export class RacedSession {
  readonly replicas: readonly [FrontendReplica, FrontendReplica];
  /** What the cookie says. */
  id = '';
  readonly thief = new Thief();
  /** For those whose statements do not fail. */
  private readonly others: Sessions;
  /** How many of those who wanted a token were told that the session has ended. */
  ended = 0;
  /** Whether the database did what it was told, every time. */
  readonly isFaultless: boolean;
  /** What was done, in order. */
  trace: readonly string[] = [];
  private sent = 0;

  private constructor(
    private readonly pool: pg.Pool,
    readonly provider: ModelProvider,
    sealer: Sealer,
    private faults: readonly Fault[],
    parts: Parts,
  ) {
    const replica = (query = this.query.bind(this)): FrontendReplica => {
      const real = new PostgresStateStore({ query: query as pg.Pool['query'], options: pool.options });
      const store = parts.store?.(real) ?? real;
      const sessions = new (parts.Sessions ?? Sessions)(store, sealer, new SessionIndex(store, LIFETIMES), LIFETIMES);
      return { sessions, accessTokens: new AccessTokens(sessions, provider, store, new RefreshRetries()) };
    };
    this.isFaultless = faults.length === 0;
    this.replicas = [replica(), replica()];
    this.others = replica(this.step.bind(this)).sessions;
  }

  /** Begins a session whose access token is about to end. */
  static async begin(
    pool: pg.Pool,
    provider: ModelProvider,
    sealer: Sealer,
    { faults = [], parts = {} }: { faults?: readonly Fault[]; parts?: Parts },
  ): Promise<RacedSession> {
    const raced = new RacedSession(pool, provider, sealer, faults, parts);
    const { id } = await raced.others.create({
      sub: randomUUID(),
      accessToken: 'access-0-0',
      accessTokenExpiresAt: 0,
      accessTokenLifetime: 600,
      refreshToken: ModelProvider.token(0),
    });
    provider.onSlowness = () => raced.endLock();
    return Object.assign(raced, { id });
  }

  /**
   * What a tab does to get a token: it finds the session and asks for one, another when its own was refused.
   *
   * @returns undefined when it cannot be had at the moment.
   */
  async want(replica: number, refused: boolean): Promise<string | undefined> {
    const { sessions, accessTokens } = this.replicas[replica % 2] ?? this.replicas[0];
    try {
      const session = await sessions.find(this.id);
      if (!session) throw new SessionEndedError();
      const had = session.content.accessToken;
      const token = refused ? await accessTokens.renewed(session) : await accessTokens.of(session);
      if (refused && token === had) throw new Error('a token that was refused was given again');
      return token;
    } catch (error) {
      if (error instanceof SessionEndedError) this.ended += 1;
      else if (!(error instanceof DependencyUnavailableError || error instanceof StatementError)) throw error;
      return undefined;
    }
  }

  /** The refresh token that the session has; undefined when it has ended. */
  async refreshToken(): Promise<string | undefined> {
    return (await this.others.find(this.id))?.content.refreshToken;
  }

  signOut(): Promise<void> {
    return this.others.end(this.id);
  }

  /** The lock of the session ends, whoever has it: their work took longer than the lock holds. */
  async endLock(): Promise<void> {
    const lock = `lock:${sessionKey(this.id)}`;
    await Interleaving.step('the lock ends', () => this.pool.query('DELETE FROM state_entries WHERE key = $1', [lock]));
  }

  /** From now on nothing fails, and no lock is left behind. */
  async heal(): Promise<void> {
    this.provider.heal();
    this.faults = [];
    await this.endLock();
  }

  /** Sends a statement of a replica, which may fail. */
  private async query(statement: string, ...rest: unknown[]): Promise<unknown> {
    const fault = this.faults.find(({ at }) => at === this.sent);
    this.sent += 1;
    if (fault && !fault.done) return Interleaving.step('no statement', () => Promise.reject(new StatementError()));
    const result = await this.step(statement, ...rest);
    if (fault) throw new StatementError();
    return result;
  }

  private step(statement: string, ...rest: unknown[]): Promise<unknown> {
    const name = statement.trim().replace(/\s+/g, ' ').slice(0, 50);
    return Interleaving.step(name, () => this.pool.query(statement, ...(rest as [unknown[]])));
  }
}

/** Somebody who copied a refresh token. */
class Thief {
  private stolen = '';

  copy(refreshToken: string | undefined): void {
    this.stolen = refreshToken ?? '';
  }

  /** Uses the newest token they have. */
  use(provider: ModelProvider): void {
    this.stolen = provider.use(this.stolen)?.refreshToken ?? this.stolen;
  }
}
