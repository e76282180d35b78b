import { Inject, Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidGrant, securityProfile } from '@trefoil/oauth-protocol';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../clients/client.entity.js';
import { isSenderConstrained } from '../clients/sender-constraint.js';
import type { Grant } from '../grants/grant.entity.js';
import { RefreshTokenReader } from '../grants/refresh-token-reader.js';
import { RefreshTokenRotation, type RefreshTokenUse } from '../grants/refresh-token-rotation.js';
import type { GrantType, TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { selectAudience } from './issuance/select-audience.js';
import { selectScopes } from './issuance/select-scopes.js';
import { UserTokenIssuer } from './issuance/user-token-issuer.js';

/**
 * `refresh_token`: exchanges a refresh token for a new access token and the next refresh token (RFC 6749 §6).
 *
 * Each use replaces the refresh token. Within the grace period a retry of the same request gets the same successor
 * again, so a lost response does no harm. Any other use of a replaced token means that two parties hold the refresh
 * tokens of the grant, and the grant is revoked (RFC 9700 §4.14.2). Refresh tokens that only their client can use are
 * not replaced (FAPI 2.0 §5.3.2.1).
 */
@Injectable()
export class RefreshTokenGrant implements GrantType {
  readonly name = GRANT_TYPE.refreshToken;

  constructor(
    private readonly refreshTokens: RefreshTokenReader,
    private readonly rotation: RefreshTokenRotation,
    private readonly tokens: UserTokenIssuer,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'REFRESH_GRACE_PERIOD'>,
  ) {}

  async handle(request: TokenRequest): Promise<TokenResponse> {
    const { client, parameters, confirmation } = request;
    const presented = await this.refreshTokens.read(parameters.require('refresh_token'));
    if (presented?.grant.clientId !== client.clientId) {
      throw invalidGrant('the refresh token is unknown or was issued to another client');
    }
    const { grant } = presented;
    checkRefreshKey(grant, request);
    if (!presented.isUserEnabled) throw invalidGrant('the user is disabled');
    const audience = selectAudience(parameters, grant.resources);
    const scopes = selectScopes(parameters, grant.scopes);
    const thumbprint = confirmation?.jkt ?? confirmation?.['x5t#S256'];
    const used = { generation: presented.generation, thumbprint };
    const stays = !isRotated(client) && (await this.rotation.isNewest(grant, used.generation));
    const generation = stays ? used.generation : used.generation + 1;
    const response = await this.tokens.issue({ client, grant, audience, scopes, confirmation, generation });
    // Rotation comes last, so that a request that fails does not use up its refresh token.
    if (!stays && !(await this.rotation.rotate(grant, used, this.config.REFRESH_GRACE_PERIOD))) {
      await this.refuse(grant, used, request);
    }
    return response;
  }

  /** Throws `invalid_grant`, and first revokes the grant of a refresh token that was replaced before. */
  private async refuse(
    grant: Grant,
    { generation }: RefreshTokenUse,
    { client, origin }: TokenRequest,
  ): Promise<never> {
    const { id, userId, sessionId } = grant;
    const event = { type: 'refresh-token-reuse', outcome: 'failure', userId, sessionId } as const;
    const revoked = await this.rotation.revokeReused(id, generation, {
      ...event,
      clientId: client.clientId,
      ...origin,
    });
    throw invalidGrant(
      revoked
        ? 'the refresh token was used before; its grant is revoked'
        : 'the refresh token has expired or was revoked',
    );
  }
}

/**
 * Checks that a public client proves the key or the certificate to which its refresh tokens are bound. The refresh tokens of a
 * confidential client are bound to the client, which may use a new key or certificate (RFC 9449 §5, RFC 8705 §4).
 */
function checkRefreshKey({ dpopJkt, certificateThumbprint }: Grant, { client, confirmation }: TokenRequest): void {
  if (client.tokenEndpointAuthMethod !== 'none') return;
  if (dpopJkt !== null && dpopJkt !== confirmation?.jkt) {
    throw invalidGrant('the refresh token is bound to a key, and the request has no DPoP proof of that key');
  }
  if (certificateThumbprint !== null && certificateThumbprint !== confirmation?.['x5t#S256']) {
    throw invalidGrant(
      'the refresh token is bound to a certificate, and the connection does not have that certificate',
    );
  }
}

/**
 * Returns whether each use replaces the refresh token of a client. The security profile decides; a confidential client
 * with sender-constrained tokens needs no rotation, because nobody else can use its refresh tokens.
 */
function isRotated(client: Client): boolean {
  const isBoundTwice = client.tokenEndpointAuthMethod !== 'none' && isSenderConstrained(client);
  return securityProfile(client.securityProfile).rotateRefreshTokens && !isBoundTwice;
}
