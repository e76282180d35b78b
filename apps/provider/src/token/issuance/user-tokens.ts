import { Inject, Injectable } from '@nestjs/common';
import { type Confirmation, formatScope, GRANT_TYPE, invalidTarget } from '@trefoil/oauth-protocol';
import { AccessTokenIssuer, IdTokenIssuer, TokenDerivation } from '@trefoil/token-issuance';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { responseAlgorithm } from '../../clients/response-algorithm.js';
import type { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Subjects } from '../../users/subjects.js';
import { claimsOfScopes } from '../../users/standard-claims.js';
import { Users } from '../../users/users.js';
import { issuedTo } from './issued-to.js';
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
  /** The key to which the access token is bound (RFC 9449 §5). */
  readonly confirmation?: Confirmation;
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
    private readonly grants: Grants,
    private readonly resourceServers: ResourceServers,
    private readonly users: Users,
    private readonly subjects: Subjects,
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
    const { token, claims, type } = await this.accessTokens.issue(this.config.ISSUER, {
      aud: audience,
      sub: grant.userId,
      ...issuedTo(client),
      cnf: selection.confirmation,
      sid: grant.outlivesSession ? undefined : grant.sessionId,
      grant_id: grant.id,
      auth_time: secondsOf(grant.authenticatedAt),
      acr: grant.acr ?? undefined,
      scopes,
      lifetime: server.accessTokenLifetime,
    });
    await this.bindRefreshTokens(selection);
    return {
      access_token: token,
      token_type: type,
      expires_in: claims.exp - claims.iat,
      scope: formatScope(scopes),
      ...(client.grantTypes.includes(GRANT_TYPE.refreshToken) && {
        refresh_token: this.derivation.refreshToken(grant, generation),
      }),
      ...(selection.scopes.includes('openid') && { id_token: await this.idToken(selection, token) }),
    };
  }

  /** The first key of a public client is the one of all its refresh tokens (RFC 9449 §5). */
  private async bindRefreshTokens({ client, grant, generation, confirmation }: UserTokenSelection): Promise<void> {
    if (generation > 0 || client.tokenEndpointAuthMethod !== 'none' || confirmation?.jkt === undefined) return;
    await this.grants.bindToKey(grant, confirmation.jkt);
  }

  private async idToken({ client, grant, nonce }: UserTokenSelection, accessToken: string): Promise<string> {
    return this.idTokens.issue(this.config.ISSUER, responseAlgorithm(client, client.idTokenSignedResponseAlg), {
      aud: client.clientId,
      sub: this.subjects.of(client, grant.userId),
      sid: grant.sessionId,
      auth_time: secondsOf(grant.authenticatedAt),
      acr: grant.acr ?? undefined,
      amr: grant.amr,
      nonce,
      accessToken,
      userClaims: await this.claimsByName(grant),
      lifetime: this.config.ID_TOKEN_LIFETIME,
    });
  }

  /** What the `claims` parameter wants in the ID token; scopes put nothing into it (OpenID Connect Core §5.4, §5.5). */
  private async claimsByName({ claims, userId }: Grant): Promise<Record<string, unknown>> {
    const names = Object.keys(claims?.id_token ?? {});
    const user = names.length > 0 ? await this.users.find(userId) : null;
    return user ? claimsOfScopes(user, [], names) : {};
  }
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
