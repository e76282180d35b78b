import { Inject, Injectable } from '@nestjs/common';
import { type Confirmation, formatScope, GRANT_TYPE, invalidScope, invalidTarget } from '@trefoil/oauth-protocol';
import { AccessTokenIssuer, IdTokenIssuer, TokenDerivation } from '@trefoil/token-issuance';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { responseAlgorithm } from '../../clients/response-algorithm.js';
import type { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { SessionIds } from '../../sessions/session-ids.js';
import { Subjects } from '../../users/subjects.js';
import { claimsOfScopes } from '../../users/standard-claims.js';
import { Users } from '../../users/users.js';
import { clientClaims } from './client-claims.js';
import type { TokenResponse } from './grant-type.js';
import { scopesAt } from './select-scopes.js';

/** Describes the tokens of one response. */
export interface UserTokenRequest {
  readonly client: Client;
  readonly grant: Grant;
  /** The identifier of the resource server that the access token is for. */
  readonly audience: string;
  /** The requested scopes of the grant. The access token gets those that belong to its resource server. */
  readonly scopes: readonly string[];
  /** The generation of the refresh token to issue. */
  readonly generation: number;
  /** The key or certificate to which the access token will be bound (RFC 9449 §5, RFC 8705 §3). */
  readonly confirmation?: Confirmation;
  /** The nonce of the authorization request; only when a code is redeemed (OpenID Connect Core §12.2). */
  readonly nonce?: string;
}

/** Issues the tokens of a grant: access token, refresh token and ID token. */
@Injectable()
export class UserTokenIssuer {
  constructor(
    private readonly accessTokens: AccessTokenIssuer,
    private readonly idTokens: IdTokenIssuer,
    private readonly derivation: TokenDerivation,
    private readonly grants: Grants,
    private readonly resourceServers: ResourceServers,
    private readonly users: Users,
    private readonly subjects: Subjects,
    private readonly sessionIds: SessionIds,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'ID_TOKEN_LIFETIME'>,
  ) {}

  /**
   * Issues the tokens of one response. The response has a refresh token when the client is registered for them, and an
   * ID token when `openid` was requested. A scope that was removed from the registration of the client is left out, so
   * that a narrower registration also narrows the grants that exist.
   *
   * It changes nothing, so a grant handler calls it before it uses up the code or the token of the request: a request that
   * cannot be answered does no harm. The handler then calls {@link bindRefreshTokens}.
   *
   * @throws OAuthError `invalid_scope` when no scope is left.
   * @throws OAuthError `invalid_target` when the resource server is no longer registered or not open to the client.
   */
  async issue(requested: UserTokenRequest): Promise<TokenResponse> {
    const { client, grant, audience, generation } = requested;
    const request = { ...requested, scopes: requested.scopes.filter((scope) => client.scopes.includes(scope)) };
    if (request.scopes.length === 0) throw invalidScope('the client is no longer registered for these scopes');
    const server = await this.resourceServers.find(audience);
    if (!server) throw invalidTarget('the resource server is not registered');
    if (server.userClients && !server.userClients.includes(client.clientId)) {
      throw invalidTarget('the resource server is not open to this client');
    }
    const scopes = scopesAt(server, request.scopes, accountApiIdentifier(this.config));
    const { token, claims, type } = await this.accessTokens.issue(this.config.ISSUER, {
      aud: audience,
      ...this.subjects.accessTokenClaims(client, grant.userId),
      ...clientClaims(client),
      cnf: request.confirmation,
      sid: grant.outlivesSession ? undefined : this.sessionIds.of(client, grant.sessionId),
      grant_id: grant.id,
      auth_time: secondsOf(grant.authenticatedAt),
      acr: grant.acr ?? undefined,
      scopes,
      lifetime: server.accessTokenLifetime,
    });
    return {
      access_token: token,
      token_type: type,
      expires_in: claims.exp - claims.iat,
      scope: formatScope(scopes),
      ...(client.grantTypes.includes(GRANT_TYPE.refreshToken) && {
        refresh_token: this.derivation.refreshToken(grant, generation),
      }),
      ...(request.scopes.includes('openid') && { id_token: await this.idToken(request, token) }),
    };
  }

  /** Binds the refresh tokens of a public client to the key or certificate of its first token request (RFC 9449 §5, RFC 8705 §4). */
  async bindRefreshTokens({ client, grant, confirmation }: UserTokenRequest): Promise<void> {
    if (client.tokenEndpointAuthMethod !== 'none' || !confirmation) return;
    await this.grants.bind(grant, confirmation);
  }

  private async idToken({ client, grant, nonce }: UserTokenRequest, accessToken: string): Promise<string> {
    return this.idTokens.issue(this.config.ISSUER, responseAlgorithm(client, client.idTokenSignedResponseAlg), {
      aud: client.clientId,
      sub: this.subjects.of(client, grant.userId),
      sid: usesSid(client) ? this.sessionIds.of(client, grant.sessionId) : undefined,
      auth_time: secondsOf(grant.authenticatedAt),
      acr: grant.acr ?? undefined,
      amr: grant.amr,
      nonce,
      accessToken,
      userClaims: await this.requestedClaims(grant),
      lifetime: this.config.ID_TOKEN_LIFETIME,
    });
  }

  /**
   * Returns the claims that the `claims` parameter requested for the ID token. Scopes add no claims to it, because the
   * client can get them from the userinfo endpoint (OpenID Connect Core §5.4, §5.5).
   */
  private async requestedClaims({ claims, userId }: Grant): Promise<Record<string, unknown>> {
    const names = Object.keys(claims?.id_token ?? {});
    const user = names.length > 0 ? await this.users.find(userId) : null;
    return user ? claimsOfScopes(user, [], names) : {};
  }
}

/** Returns whether a client can use the `sid` of its ID tokens: it takes logout tokens, or registered for it. */
const usesSid = ({ backchannelLogoutUri, backchannelLogoutSessionRequired }: Client): boolean =>
  backchannelLogoutUri !== null || backchannelLogoutSessionRequired;

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
