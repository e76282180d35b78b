import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { IssuedAccessTokens } from '../../model/access-tokens/issued-access-tokens.js';
import { TokenStatus } from '../../model/access-tokens/token-status.js';
import type { Client } from '../../model/clients/client.entity.js';
import type { Grant } from '../../model/grants/grant.entity.js';
import { Grants } from '../../model/grants/grants.js';
import { RefreshTokens } from '../../model/grants/refresh-tokens.js';
import type { RequestOrigin } from '../../model/security-events/request-origin.js';
import { SecurityEvents } from '../../model/security-events/security-events.js';

/** Ends tokens at the wish of the client they were issued to. */
@Injectable()
export class TokenRevocation {
  constructor(
    private readonly accessTokens: IssuedAccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: Grants,
    private readonly status: TokenStatus,
    private readonly events: SecurityEvents,
  ) {}

  /** Revokes a token if it is one of the client's. Its own form tells which kind it is: no hint is needed. */
  async revoke(token: string, client: Client, origin: RequestOrigin): Promise<void> {
    const refreshToken = await this.refreshTokens.find(token);
    if (refreshToken) return this.revokeGrant(refreshToken.grant, client, origin);
    const claims = await this.accessTokens.find(token);
    if (claims) await this.revokeAccessToken(claims, client, origin);
  }

  /** With a refresh token, of whatever generation, ends all that came from its grant (RFC 7009 §2.1). */
  private async revokeGrant(grant: Grant, { clientId }: Client, origin: RequestOrigin): Promise<void> {
    if (grant.clientId !== clientId || !grant.isLive) return;
    const { id, userId, sessionId } = grant;
    await this.grants.revoke(id, { type: 'grant-revoked', outcome: 'success', userId, sessionId, clientId, ...origin });
  }

  private async revokeAccessToken(
    claims: AccessTokenClaims,
    { clientId }: Client,
    origin: RequestOrigin,
  ): Promise<void> {
    if (claims.client_id !== clientId) return;
    const { sid, grant_id, jti } = claims;
    // Recorded first: a client that gets no answer tries again, and twice recorded is better than not at all.
    await this.events.record({
      type: 'token-revoked',
      outcome: 'success',
      clientId,
      ...(grant_id !== undefined && { userId: claims.sub, sessionId: sid, grantId: grant_id }),
      details: { jti },
      ...origin,
    });
    await this.status.revoke(claims);
  }
}
