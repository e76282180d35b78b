import { Inject, Injectable } from '@nestjs/common';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { STATE_STORE } from '../database/state-store.js';
import type { AccessToken } from '../provider-client/access-token.js';
import { ProviderClient, type Tokens } from '../provider-client/provider-client.js';
import { providerUnavailable, RefreshRefusedError } from '../provider-client/provider-errors.js';
import type { SessionContent } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { sessionKey, Sessions } from '../session/sessions.js';

const RENEW_BEFORE_SECONDS = 30;
// When a replica dies while it holds the lock, another one must still have time: the provider repeats its answer for ten
// seconds only.
const LOCK = { ttlSeconds: 5, waitMilliseconds: 2000 };

/** A refresh that a request needs. */
export interface TokenRefresh {
  readonly sessionId: string;
  /** The resource identifier of the API that the new access token is for (RFC 8707). */
  readonly resource: string;
  /** The access token to replace; undefined when the session has none for the API. */
  readonly oldToken: string | undefined;
}

/** Returns how long an access token stays valid, in seconds. */
export const secondsLeft = ({ expiresAt }: AccessToken): number => expiresAt - Date.now() / 1000;

/** Returns whether an access token expires within 30 s, or has less than half of a shorter lifetime left. */
export const isDue = (token: AccessToken): boolean =>
  secondsLeft(token) <= Math.min(RENEW_BEFORE_SECONDS, token.lifetime / 2);

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
   * Requests an access token for an API, unless another request or replica has done so already.
   *
   * @returns the current content of the session, with another access token for the API than the old one.
   * @throws SessionEndedError
   * @throws ApiNotGrantedError when the user did not grant access to the API at the sign-in.
   * @throws DependencyUnavailableError when the provider cannot be reached or another refresh holds the lock for too long.
   */
  replace(refresh: TokenRefresh): Promise<SessionContent> {
    return this.store
      .withLock(sessionKey(refresh.sessionId), () => this.replaceUnderLock(refresh), LOCK)
      .catch((error: unknown) => {
        throw error instanceof LockTimeoutError ? providerUnavailable(error) : error;
      });
  }

  private async replaceUnderLock({ sessionId, resource, oldToken }: TokenRefresh): Promise<SessionContent> {
    const current = (await this.sessions.find(sessionId))?.content;
    if (!current) throw new SessionEndedError();
    const token = current.accessTokens[resource];
    if (token && token.value !== oldToken && !isDue(token)) return current;
    return this.refresh(sessionId, current, resource);
  }

  private async refresh(id: string, current: SessionContent, resource: string): Promise<SessionContent> {
    try {
      if (current.refreshToken === undefined) throw new RefreshRefusedError('the session has no refresh token');
      const tokens = await this.provider.refresh(current.refreshToken, resource);
      const written = await this.sessions.update(id, (latest) => withTokens(latest, tokens, { current, resource }));
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

/**
 * Returns the latest content of a session with new tokens. A slow database can make a replica lose its lock: tokens that
 * another replica wrote after `current` was read are newer, and stay.
 */
function withTokens(
  latest: SessionContent,
  { accessToken, refreshToken }: Tokens,
  { current, resource }: { current: SessionContent; resource: string },
): SessionContent {
  const isUnchanged = latest.accessTokens[resource]?.value === current.accessTokens[resource]?.value;
  return {
    ...latest,
    ...(isUnchanged && { accessTokens: { ...latest.accessTokens, [resource]: accessToken } }),
    ...(refreshToken !== undefined && latest.refreshToken === current.refreshToken && { refreshToken }),
  };
}
