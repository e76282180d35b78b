import { Inject, Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { providerUnavailable, RefreshRefusedError } from '../provider-client/provider-errors.js';
import { Provider } from '../provider-client/provider-client.js';
import { STATE_STORE } from '../database/state-store.js';
import { RefreshRetries } from './refresh-retrier.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import type { Session, SessionContent } from '../session/session.js';
import { sessionKey, Sessions } from '../session/sessions.js';

const RENEW_BEFORE_SECONDS = 30;
// A replica that is gone with the lock must leave the next one time: its answer is repeated for ten seconds only.
const LOCK = { ttlSeconds: 5, waitMilliseconds: 2000 };

const secondsLeft = ({ accessTokenExpiresAt }: SessionContent): number => accessTokenExpiresAt - Date.now() / 1000;

/** Whether a token is so near its end that it is better renewed; one that never lived long has half its life. */
const isDue = (content: SessionContent): boolean =>
  secondsLeft(content) <= Math.min(RENEW_BEFORE_SECONDS, content.accessTokenLifetime / 2);

/**
 * The access tokens of sessions, refreshed before they expire: once a session, over all requests and all replicas.
 *
 * Only `invalid_grant` ends a session; while the provider cannot be asked it stays as it is.
 */
@Injectable()
export class AccessTokens {
  /** Refreshes of this process, so that its requests wait together and fail together. */
  private readonly running = new Map<string, Promise<SessionContent>>();

  constructor(
    private readonly sessions: Sessions,
    @Inject(Provider) private readonly provider: Pick<Provider, 'refresh'>,
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(RefreshRetries) private readonly retries: Pick<RefreshRetries, 'begin'>,
  ) {}

  /**
   * An access token that is good for some time yet.
   *
   * @throws SessionEndedError
   * @throws DependencyUnavailableError when it has expired and the provider cannot be reached.
   */
  async of(session: Session): Promise<string> {
    const { content } = session;
    if (!isDue(content)) return content.accessToken;
    try {
      return await this.renewed(session);
    } catch (error) {
      if (error instanceof DependencyUnavailableError && secondsLeft(content) > 1) return content.accessToken;
      throw error;
    }
  }

  /**
   * An access token other than the one the session has, which was refused or is about to expire.
   *
   * @throws SessionEndedError
   * @throws DependencyUnavailableError
   */
  async renewed(session: Session): Promise<string> {
    const { id, content } = session;
    const joined = this.running.get(id);
    session.content = await (joined ?? this.begin(id, content.accessToken));
    // Who came late may have joined the refresh that brought the very token it could not use.
    if (joined && session.content.accessToken === content.accessToken) return this.renewed(session);
    return session.content.accessToken;
  }

  private begin(id: string, spent: string): Promise<SessionContent> {
    const running = this.start(id, spent);
    // Whatever went wrong, the provider may have replaced the refresh token.
    running.catch((error: unknown) => {
      if (error instanceof SessionEndedError) return;
      this.retries.begin(id, () => this.running.get(id) ?? this.start(id, spent));
    });
    return running;
  }

  private start(id: string, spent: string): Promise<SessionContent> {
    const running = this.store
      .withLock(sessionKey(id), () => this.renew(id, spent), LOCK)
      .catch((error: unknown) => {
        throw error instanceof LockTimeoutError ? providerUnavailable(error) : error;
      })
      .finally(() => this.running.delete(id));
    this.running.set(id, running);
    return running;
  }

  /** Reads again what the session holds now, and refreshes only when nobody else has. Runs under the lock. */
  private async renew(id: string, spent: string): Promise<SessionContent> {
    const current = (await this.sessions.find(id))?.content;
    if (!current) throw new SessionEndedError();
    if (current.accessToken !== spent && !isDue(current)) return current;
    return this.refresh(id, current);
  }

  private async refresh(id: string, current: SessionContent): Promise<SessionContent> {
    try {
      if (current.refreshToken === undefined) throw new RefreshRefusedError('the session has no refresh token');
      const tokens = await this.provider.refresh(current.refreshToken);
      // A lock can be lost to a slow database: what somebody else has written since is newer than this.
      const written = await this.sessions.update(id, (latest) =>
        latest.refreshToken === current.refreshToken ? { ...latest, ...tokens } : latest,
      );
      if (!written) throw new SessionEndedError();
      return written.content;
    } catch (error) {
      if (!(error instanceof RefreshRefusedError)) throw error;
      return this.giveUp(id, current, error);
    }
  }

  /** Ends a session whose refresh token was refused, unless somebody else has renewed it. */
  private async giveUp(id: string, { refreshToken }: SessionContent, cause: unknown): Promise<SessionContent> {
    // Looking at the token and taking it away are one step: after that nobody can renew what is going to end.
    const spent = await this.sessions.update(id, (latest) =>
      latest.refreshToken === refreshToken ? { ...latest, refreshToken: undefined } : undefined,
    );
    const renewed = spent ? undefined : await this.sessions.find(id);
    if (renewed) return renewed.content;
    await this.sessions.end(id);
    throw new SessionEndedError('gone', cause);
  }
}
