import { Inject, Injectable } from '@nestjs/common';
import { formatScope, GRANT_TYPE, invalidTarget, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import { AccessTokenIssuer, IdTokenIssuer, TokenDerivation } from '@trefoil/token-issuance';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../model/clients/client.entity.js';
import type { Grant } from '../model/grants/grant.entity.js';
import { ResourceServers } from '../model/resource-servers/resource-servers.js';
import type { TokenResponse } from './grant-type.js';
import { scopesAt } from './select-scopes.js';

/** What the tokens of one response are issued for. */
export interface UserTokenSelection {
  readonly client: Client;
  readonly grant: Grant;
  /** The resource server of the access token. */
  readonly audience: string;
  /** The scopes of the grant that were asked for; those of other resource servers are left out of the token. */
  readonly scopes: readonly string[];
  /** The generation of the refresh token to give. */
  readonly generation: number;
  /** The nonce of the authorization request, at code redemption only (OpenID Connect Core §12.2). */
  readonly nonce?: string;
}

/** Issues the tokens of a grant that a person gave: access token, refresh token, ID token. */
@Injectable()
export class UserTokens {
  constructor(
    private readonly accessTokens: AccessTokenIssuer,
    private readonly idTokens: IdTokenIssuer,
    private readonly derivation: TokenDerivation,
    private readonly resourceServers: ResourceServers,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'ID_TOKEN_LIFETIME'>,
  ) {}

  /** @throws OAuthError `invalid_target` when the resource server is no longer registered, or closed to the client. */
  async issue(selection: UserTokenSelection): Promise<TokenResponse> {
    const { client, grant, audience, generation } = selection;
    const server = await this.resourceServers.find(audience);
    if (!server) throw invalidTarget('the resource server is not registered');
    if (server.userClients && !server.userClients.includes(client.clientId)) {
      throw invalidTarget('the resource server is not open to this client');
    }
    const scopes = scopesAt(server, selection.scopes, accountApiIdentifier(this.config));
    const { token, claims } = await this.accessTokens.issue(this.config.ISSUER, {
      aud: audience,
      sub: grant.userId,
      client_id: client.clientId,
      sid: grant.sessionId,
      grant_id: grant.id,
      auth_time: secondsOf(grant.authenticatedAt),
      scopes,
      lifetime: server.accessTokenLifetime,
    });
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: claims.exp - claims.iat,
      scope: formatScope(scopes),
      ...(client.grantTypes.includes(GRANT_TYPE.refreshToken) && {
        refresh_token: this.derivation.refreshToken(grant, generation),
      }),
      ...(selection.scopes.includes('openid') && { id_token: await this.idToken(selection, token) }),
    };
  }

  private idToken({ client, grant, nonce }: UserTokenSelection, accessToken: string): Promise<string> {
    const algorithm = client.idTokenSignedResponseAlg ?? SECURITY_PROFILES[client.securityProfile].idTokenAlgorithms[0];
    return this.idTokens.issue(this.config.ISSUER, algorithm, {
      aud: client.clientId,
      sub: grant.userId,
      sid: grant.sessionId,
      auth_time: secondsOf(grant.authenticatedAt),
      amr: grant.amr,
      nonce,
      accessToken,
      lifetime: this.config.ID_TOKEN_LIFETIME,
    });
  }
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
