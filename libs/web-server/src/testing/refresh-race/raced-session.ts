import { DependencyUnavailableError } from '@trefoil/server-kit';
import { PostgresStateStore, type StateStore } from '@trefoil/state-store';
import { Interleaving } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { AccessTokens } from '../../access-tokens/access-tokens.js';
import { RefreshRetrier } from '../../access-tokens/refresh-retrier.js';
import { TokenRefresher } from '../../access-tokens/token-refresher.js';
import { Apis } from '../../apis/apis.js';
import type { Encryption } from '../../database/encryption.js';
import { SealedEntries } from '../../database/sealed-entries.js';
import { SessionEndedError } from '../../session/session-ended.error.js';
import { SessionIndex } from '../../session/session-index.js';
import { sessionKey, Sessions, UNREADABLE } from '../../session/sessions.js';
import { ModelProvider } from './model-provider.js';
import type { TokenRequest } from './schedules.js';

/** A statement that the test let fail. */
export class StatementError extends Error {}

/** Describes a statement that fails: how many statements precede it, and whether the database executes it nevertheless. */
export interface Fault {
  readonly at: number;
  readonly done: boolean;
}

const LIFETIMES = { SESSION_IDLE_SECONDS: 3600, SESSION_LIFETIME_SECONDS: 7200 };
const APIS = new Apis([
  {
    name: 'api',
    title: 'API',
    resource: 'https://api-0.example',
    url: 'https://api-0.example',
    scopes: [],
    browserPaths: [],
  },
]);

interface Replica {
  readonly sessions: Sessions;
  readonly accessTokens: AccessTokens;
}

/** Parts of a replica that a test may replace with broken ones. */
export interface Parts {
  readonly store?: (store: StateStore) => StateStore;
  readonly Sessions?: typeof Sessions;
}

/** One session at two replicas of a web server. Their database statements are the steps of an interleaving. */
export class RacedSession {
  readonly replicas: readonly [Replica, Replica];
  /** The session id in the cookie. */
  id = '';
  readonly thief = new Thief();
  /** Sessions whose statements never fail. */
  private readonly reliable: Sessions;
  /** The APIs for which tabs have requested tokens. */
  readonly apis = new Set<number>();
  /** The number of requests that were answered that the session has ended. */
  ended = 0;
  /** Whether every statement succeeds. */
  readonly isFaultless: boolean;
  /** The steps in the order in which they ran. */
  trace: readonly string[] = [];
  private sent = 0;

  private constructor(
    private readonly pool: pg.Pool,
    readonly provider: ModelProvider,
    encryption: Encryption,
    private faults: readonly Fault[],
    parts: Parts,
  ) {
    const entries = new SealedEntries(encryption);
    const replica = (query = this.query.bind(this)): Replica => {
      const real = new PostgresStateStore({ query: query as pg.Pool['query'], options: pool.options });
      const store = parts.store?.(real) ?? real;
      const index = new SessionIndex(store, entries, LIFETIMES);
      const sessions = new (parts.Sessions ?? Sessions)(store, entries, index, LIFETIMES, APIS);
      const refresher = new TokenRefresher(sessions, provider, store);
      return { sessions, accessTokens: new AccessTokens(refresher, new RefreshRetrier()) };
    };
    this.isFaultless = faults.length === 0;
    this.replicas = [replica(), replica()];
    this.reliable = replica(this.step.bind(this)).sessions;
  }

  /** Creates a session whose only access token has expired. */
  static async begin(
    pool: pg.Pool,
    provider: ModelProvider,
    encryption: Encryption,
    { faults = [], parts = {} }: { faults?: readonly Fault[]; parts?: Parts },
  ): Promise<RacedSession> {
    const raced = new RacedSession(pool, provider, encryption, faults, parts);
    const { id } = await raced.reliable.create({
      sub: randomUUID(),
      accessTokens: { [resourceOf(0)]: { value: `access-${resourceOf(0)}-0-0`, expiresAt: 0, lifetime: 600 } },
      refreshToken: ModelProvider.token(0),
    });
    provider.onSlowness = () => raced.endLock();
    return Object.assign(raced, { id });
  }

  /**
   * Requests an access token as a tab does: reads the session and asks for a token, or for another one when the current
   * token was refused.
   *
   * @returns the token; undefined when none is available at the moment.
   */
  async requestToken({ replica, refused, api }: TokenRequest): Promise<string | undefined> {
    this.apis.add(api);
    const resource = resourceOf(api);
    const { sessions, accessTokens } = this.replicas[replica % 2] ?? this.replicas[0];
    try {
      const session = await sessions.use(this.id);
      if (!session || session === UNREADABLE) throw new SessionEndedError();
      const had = session.content.accessTokens[resource]?.value;
      const token = await (refused ? accessTokens.replace(session, resource) : accessTokens.get(session, resource));
      if (!token.startsWith(`access-${resource}-`)) throw new Error('a token of another API was returned');
      if (refused && token === had) throw new Error('the refused token was returned again');
      return token;
    } catch (error) {
      if (error instanceof SessionEndedError) this.ended += 1;
      else if (!(error instanceof DependencyUnavailableError || error instanceof StatementError)) throw error;
      return undefined;
    }
  }

  /** Returns the refresh token of the session; undefined when the session has ended. */
  async refreshToken(): Promise<string | undefined> {
    return (await this.reliable.find(this.id))?.content.refreshToken;
  }

  signOut(): Promise<void> {
    return this.reliable.end(this.id);
  }

  /** Ends the lock of the session, as if the work of its holder took longer than the lock lasts. */
  async endLock(): Promise<void> {
    const lock = `lock:${sessionKey(this.id)}`;
    await Interleaving.step('the lock ends', () => this.pool.query('DELETE FROM state_entries WHERE key = $1', [lock]));
  }

  /** Stops all failures, and removes an abandoned lock. */
  async heal(): Promise<void> {
    this.provider.heal();
    this.faults = [];
    await this.endLock();
  }

  /** Sends a statement of a replica. It may fail. */
  private async query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const fault = this.faults.find(({ at }) => at === this.sent);
    this.sent += 1;
    if (fault && !fault.done) return Interleaving.step('no statement', () => Promise.reject(new StatementError()));
    const result = await this.step(statement);
    if (fault) throw new StatementError();
    return result;
  }

  private step(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return Interleaving.step(statement.name ?? statement.text, () => this.pool.query(statement));
  }
}

const resourceOf = (api: number): string => `https://api-${api}.example`;

/** An attacker who copied a refresh token. */
class Thief {
  private stolen = '';

  copy(refreshToken: string | undefined): void {
    this.stolen = refreshToken ?? '';
  }

  /** Uses the newest token that the thief has. */
  use(provider: ModelProvider): void {
    this.stolen = provider.use(this.stolen, resourceOf(0))?.refreshToken ?? this.stolen;
  }
}
