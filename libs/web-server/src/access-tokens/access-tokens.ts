import { Inject, Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { ApiNotGrantedError, providerUnavailable } from '../provider-client/provider-errors.js';
import type { Session, SessionContent } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { RefreshRetrier } from './refresh-retrier.js';
import { isDue, secondsLeft, type TokenRefresh, TokenRefresher } from './token-refresher.js';

const ATTEMPTS = 4;

/**
 * Returns the access tokens of sessions, one for each API, and has them refreshed before they expire.
 *
 * All requests of this process that need the same refresh wait for it together and fail together.
 */
@Injectable()
export class AccessTokens {
  /** The refreshes that this process is waiting for, by session and API. */
  private readonly running = new Map<string, Promise<SessionContent>>();

  constructor(
    private readonly refresher: TokenRefresher,
    @Inject(RefreshRetrier) private readonly retrier: Pick<RefreshRetrier, 'start'>,
  ) {}

  /**
   * Returns an access token that is valid for some time yet. Requests one first when the session has none for the API, or
   * when it is about to expire.
   *
   * @param resource The resource identifier of the API (RFC 8707).
   * @throws SessionEndedError
   * @throws ApiNotGrantedError when the user did not grant access to the API at the sign-in.
   * @throws DependencyUnavailableError when there is no valid token and the provider cannot be reached.
   */
  async get(session: Session, resource: string): Promise<string> {
    const token = session.content.accessTokens[resource];
    if (token && !isDue(token)) return token.value;
    try {
      return await this.replace(session, resource);
    } catch (error) {
      if (error instanceof DependencyUnavailableError && token && secondsLeft(token) > 1) return token.value;
      throw error;
    }
  }

  /**
   * Returns another access token than the session has now, because that one was refused or is about to expire.
   *
   * @throws SessionEndedError, ApiNotGrantedError, DependencyUnavailableError
   */
  async replace(session: Session, resource: string): Promise<string> {
    const oldToken = session.content.accessTokens[resource]?.value;
    const refresh = { sessionId: session.id, resource, oldToken };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      session.content = await (this.running.get(keyOf(refresh)) ?? this.start(refresh));
      const token = session.content.accessTokens[resource]?.value;
      // A refresh that was joined may have returned the refused token, and one of another API may have come first.
      if (token !== undefined && token !== oldToken) return token;
    }
    throw providerUnavailable(new Error('other refreshes of the session came first'));
  }

  private start(refresh: TokenRefresh): Promise<SessionContent> {
    const running = this.run(refresh);
    // After any other failure the provider may have rotated the refresh token, and only a retry can tell.
    running.catch((error: unknown) => {
      if (error instanceof SessionEndedError || error instanceof ApiNotGrantedError) return;
      this.retrier.start(keyOf(refresh), () => this.running.get(keyOf(refresh)) ?? this.run(refresh));
    });
    return running;
  }

  private run(refresh: TokenRefresh): Promise<SessionContent> {
    const running = this.refresher.replace(refresh).finally(() => this.running.delete(keyOf(refresh)));
    this.running.set(keyOf(refresh), running);
    return running;
  }
}

/** Requests for the tokens of two APIs run one after the other: the lock of their session keeps them apart. */
const keyOf = ({ sessionId, resource }: TokenRefresh): string => `${sessionId} ${resource}`;
