import { Inject, Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidGrant, securityProfile } from '@trefoil/oauth-protocol';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../model/clients/client.entity.js';
import type { Grant } from '../model/grants/grant.entity.js';
import { Grants } from '../model/grants/grants.js';
import { RefreshTokens } from '../model/grants/refresh-tokens.js';
import { Users } from '../model/users/users.js';
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.js';
import { selectAudience } from './select-audience.js';
import { selectScopes } from './select-scopes.js';
import { UserTokens } from './user-tokens.js';

/**
 * `refresh_token`: a new access token and the next refresh token (RFC 6749 §6).
 *
 * Each use replaces the refresh token. A retry with the one before gets the same successor for a moment, so that a lost
 * response costs nothing; anything older, or later, means that two parties hold the chain, and the grant ends
 * (RFC 9700 §4.14.2). Where nobody but the client can use one, it stays as it is (FAPI 2.0 §5.3.2.1).
 */
@Injectable()
export class RefreshToken implements GrantType {
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
    const generation = await this.successor(grant, presented.generation, request);
    return this.tokens.issue({ client, grant, audience, scopes, confirmation, generation });
  }

  /** The generation that follows a presented one: itself, the next by rotation, or that again for a retry. */
  private async successor(known: Grant, presented: number, request: TokenRequest): Promise<number> {
    if (!rotates(request.client) && known.isLive && presented === known.refreshGeneration) return presented;
    if (await this.grants.rotate(known, presented)) return presented + 1;
    // Somebody else was first, or the grant has ended: look at what it is now.
    const grant = await this.grants.find(known.id);
    if (!grant?.isLive) throw invalidGrant('the refresh token has expired or was revoked');
    if (presented === grant.refreshGeneration - 1 && this.isWithinGrace(grant)) return grant.refreshGeneration;
    if (presented < grant.refreshGeneration) await this.endReused(grant, request);
    throw invalidGrant('the refresh token was used before');
  }

  private isWithinGrace({ refreshedAt }: Grant): boolean {
    return refreshedAt !== null && Date.now() - refreshedAt.getTime() < this.config.REFRESH_GRACE_PERIOD * 1000;
  }

  private async endReused(grant: Grant, { client, origin }: TokenRequest): Promise<void> {
    const { id, userId, sessionId } = grant;
    const event = { type: 'refresh-token-reuse', outcome: 'failure', userId, sessionId } as const;
    await this.grants.revoke(id, { ...event, clientId: client.clientId, ...origin });
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
