import { Inject, Injectable } from '@nestjs/common';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { STATE_STORE } from '../database/state-store.js';
import { ProviderClient } from '../provider-client/provider-client.js';
import { providerUnavailable, RefreshRefusedError } from '../provider-client/provider-errors.js';
import type { SessionContent } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { sessionKey, Sessions } from '../session/sessions.js';

const RENEW_BEFORE_SECONDS = 30;
// When a replica dies while it holds the lock, another one must still have time: the provider repeats its answer for ten
// seconds only.
const LOCK = { ttlSeconds: 5, waitMilliseconds: 2000 };

/** Returns how long the access token of a session stays valid, in seconds. */
export const secondsLeft = ({ accessTokenExpiresAt }: SessionContent): number =>
  accessTokenExpiresAt - Date.now() / 1000;

/** Returns whether an access token expires within 30 s, or has less than half of a shorter lifetime left. */
export const isDue = (content: SessionContent): boolean =>
  secondsLeft(content) <= Math.min(RENEW_BEFORE_SECONDS, content.accessTokenLifetime / 2);

/**
 * Refreshes the tokens of a session, one refresh at a time over all replicas.
 *
 * Takes the lock of the session, reads the session again, refreshes, and writes by compare-and-set. Only `invalid_grant`
 * ends the session; while the provider cannot be reached, the session stays as it is.
 */
@Injectable()
export class TokenRefresher {
  constructor(
    private readonly sessions: Sessions,
    @Inject(ProviderClient) private readonly provider: Pick<ProviderClient, 'refresh'>,
    @Inject(STATE_STORE) private readonly store: StateStore,
  ) {}

  /**
   * Replaces an access token, unless another request or replica has replaced it already.
   *
   * @returns the current content of the session, with another access token than the old one.
   * @throws SessionEndedError
   * @throws DependencyUnavailableError when the provider cannot be reached or another refresh holds the lock for too long.
   */
  replace(sessionId: string, oldToken: string): Promise<SessionContent> {
    return this.store
      .withLock(sessionKey(sessionId), () => this.replaceUnderLock(sessionId, oldToken), LOCK)
      .catch((error: unknown) => {
        throw error instanceof LockTimeoutError ? providerUnavailable(error) : error;
      });
  }

  private async replaceUnderLock(id: string, oldToken: string): Promise<SessionContent> {
    const current = (await this.sessions.find(id))?.content;
    if (!current) throw new SessionEndedError();
    if (current.accessToken !== oldToken && !isDue(current)) return current;
    return this.refresh(id, current);
  }

  private async refresh(id: string, current: SessionContent): Promise<SessionContent> {
    try {
      if (current.refreshToken === undefined) throw new RefreshRefusedError('the session has no refresh token');
      const tokens = await this.provider.refresh(current.refreshToken);
      // A slow database can make a replica lose its lock. Tokens that another replica wrote since then are newer.
      const written = await this.sessions.update(id, (latest) =>
        latest.refreshToken === current.refreshToken ? { ...latest, ...tokens } : latest,
      );
      if (!written) throw new SessionEndedError();
      return written.content;
    } catch (error) {
      if (!(error instanceof RefreshRefusedError)) throw error;
      return this.endRefused(id, current, error);
    }
  }

  /** Ends a session whose refresh token was refused, unless another replica has replaced the token meanwhile. */
  private async endRefused(id: string, { refreshToken }: SessionContent, cause: unknown): Promise<SessionContent> {
    // The refresh token is compared and removed in one step. After that, nobody can refresh the session before it ends.
    const removed = await this.sessions.update(id, (latest) =>
      latest.refreshToken === refreshToken ? { ...latest, refreshToken: undefined } : undefined,
    );
    const refreshed = removed ? undefined : await this.sessions.find(id);
    if (refreshed) return refreshed.content;
    await this.sessions.end(id);
    throw new SessionEndedError({ cause });
  }
}
