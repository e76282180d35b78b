import { Inject, Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidGrant, securityProfile } from '@trefoil/oauth-protocol';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../clients/client.entity.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants, type RefreshTokenUse } from '../grants/grants.js';
import { RefreshTokens } from '../grants/refresh-tokens.js';
import { Users } from '../users/users.js';
import type { GrantType, TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { selectAudience } from './issuance/select-audience.js';
import { selectScopes } from './issuance/select-scopes.js';
import { UserTokens } from './issuance/user-tokens.js';

/**
 * `refresh_token`: a new access token and the next refresh token (RFC 6749 §6).
 *
 * Each use replaces the refresh token. The same request once more gets the same successor for a moment, so that a lost
 * response costs nothing; anything older, or later, or with another key means that two parties hold the chain, and the
 * grant ends (RFC 9700 §4.14.2). Where nobody but the client can use one, it stays as it is (FAPI 2.0 §5.3.2.1).
 */
@Injectable()
export class RefreshTokenGrant implements GrantType {
  readonly name = GRANT_TYPE.refreshToken;

  constructor(
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: Grants,
    private readonly users: Users,
    private readonly tokens: UserTokens,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'REFRESH_GRACE_PERIOD'>,
  ) {}

  async handle(request: TokenRequest): Promise<TokenResponse> {
    const { client, parameters, confirmation } = request;
    const presented = await this.refreshTokens.find(parameters.require('refresh_token'));
    if (presented?.grant.clientId !== client.clientId) {
      throw invalidGrant('the refresh token is unknown or was issued to another client');
    }
    const { grant } = presented;
    checkRefreshKey(grant, request);
    if (!(await this.users.find(grant.userId))) throw invalidGrant('the user is disabled');
    const audience = selectAudience(parameters, grant.resources);
    const scopes = selectScopes(parameters, grant.scopes);
    const used = { generation: presented.generation, jkt: confirmation?.jkt };
    const stays = !rotates(client) && (await this.grants.isNewest(grant, used.generation));
    const generation = stays ? used.generation : used.generation + 1;
    const response = await this.tokens.issue({ client, grant, audience, scopes, confirmation, generation });
    // Last, so that a request that fails has not spent the token it came with.
    if (!stays && !(await this.grants.rotate(grant, used, this.config.REFRESH_GRACE_PERIOD))) {
      await this.refuse(grant, used, request);
    }
    return response;
  }

  private async refuse(
    grant: Grant,
    { generation }: RefreshTokenUse,
    { client, origin }: TokenRequest,
  ): Promise<never> {
    const { id, userId, sessionId } = grant;
    const event = { type: 'refresh-token-reuse', outcome: 'failure', userId, sessionId } as const;
    const ended = await this.grants.endReused(id, generation, { ...event, clientId: client.clientId, ...origin });
    throw invalidGrant(
      ended
        ? 'the refresh token was used before; what it came from is revoked'
        : 'the refresh token has expired or was revoked',
    );
  }
}

/**
 * The refresh tokens of a public client work with the key they are bound to only; those of any other are bound to the
 * client, which may bring a new key (RFC 9449 §5).
 */
function checkRefreshKey({ dpopJkt }: Grant, { client, confirmation }: TokenRequest): void {
  if (client.tokenEndpointAuthMethod === 'none' && dpopJkt !== null && dpopJkt !== confirmation?.jkt) {
    throw invalidGrant('the refresh token is bound to a key, and the request has no DPoP proof of it');
  }
}

/** Whether the profile wants a new refresh token each time; a confidential client with bound tokens needs none. */
function rotates({ securityProfile: profile, tokenEndpointAuthMethod, dpopBoundAccessTokens }: Client): boolean {
  const isBoundTwice = tokenEndpointAuthMethod !== 'none' && dpopBoundAccessTokens;
  return securityProfile(profile).rotateRefreshTokens && !isBoundTwice;
}
