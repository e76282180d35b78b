import { Inject, Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { Session, SessionContent } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { RefreshRetrier } from './refresh-retrier.js';
import { isDue, secondsLeft, TokenRefresher } from './token-refresher.js';

/**
 * Returns the access tokens of sessions, and has them refreshed before they expire.
 *
 * All requests of this process that need the same refresh wait for it together and fail together.
 */
@Injectable()
export class AccessTokens {
  /** The refreshes that this process is waiting for, by session id. */
  private readonly running = new Map<string, Promise<SessionContent>>();

  constructor(
    private readonly refresher: TokenRefresher,
    @Inject(RefreshRetrier) private readonly retrier: Pick<RefreshRetrier, 'start'>,
  ) {}

  /**
   * Returns an access token that is valid for some time yet. Refreshes it first when it is about to expire.
   *
   * @throws SessionEndedError
   * @throws DependencyUnavailableError when the token has expired and the provider cannot be reached.
   */
  async get(session: Session): Promise<string> {
    const { content } = session;
    if (!isDue(content)) return content.accessToken;
    try {
      return await this.replace(session);
    } catch (error) {
      if (error instanceof DependencyUnavailableError && secondsLeft(content) > 1) return content.accessToken;
      throw error;
    }
  }

  /**
   * Returns another access token than the session has now, because that one was refused or is about to expire.
   *
   * @throws SessionEndedError
   * @throws DependencyUnavailableError
   */
  async replace(session: Session): Promise<string> {
    const { id, content } = session;
    const joined = this.running.get(id);
    session.content = await (joined ?? this.start(id, content.accessToken));
    // A request that joined a running refresh may have received the same token that was refused before.
    if (joined && session.content.accessToken === content.accessToken) return this.replace(session);
    return session.content.accessToken;
  }

  private start(id: string, oldToken: string): Promise<SessionContent> {
    const refresh = this.run(id, oldToken);
    // After any other failure the provider may have rotated the refresh token, and only a retry can tell.
    refresh.catch((error: unknown) => {
      if (error instanceof SessionEndedError) return;
      this.retrier.start(id, () => this.running.get(id) ?? this.run(id, oldToken));
    });
    return refresh;
  }

  private run(id: string, oldToken: string): Promise<SessionContent> {
    const refresh = this.refresher.replace(id, oldToken).finally(() => this.running.delete(id));
    this.running.set(id, refresh);
    return refresh;
  }
}
