import { Inject, Injectable } from '@nestjs/common';
import { type AccessTokenClaims, type AccessTokenType, accessTokenTypeOf, formatScope } from '@trefoil/oauth-protocol';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { IssuedAccessTokens } from '../issued-access-tokens.js';
import { TokenStatus } from '../token-status.js';
import type { Client } from '../../clients/client.entity.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Subjects } from '../../users/subjects.js';

type ActiveToken = { active: true } & Partial<Omit<AccessTokenClaims, 'grant_id'>> & { token_type?: AccessTokenType };

/** What a client learns of a token (RFC 7662 §2.2). */
export type IntrospectionResponse = ActiveToken | { active: false };

/** All that is said of a token that is not good, or that is none of the caller's business (RFC 7662 §2.2). */
const INACTIVE: IntrospectionResponse = { active: false };

/** Says what a token is to the client it was issued to and to the server it is for, and nothing to anybody else. */
@Injectable()
export class TokenIntrospection {
  constructor(
    private readonly accessTokens: IssuedAccessTokens,
    private readonly refreshTokens: RefreshTokenReader,
    private readonly resourceServers: ResourceServers,
    private readonly status: TokenStatus,
    private readonly subjects: Subjects,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** The token's own form tells which kind it is: the caller's hint is not needed (RFC 7662 §2.1). */
  async of(token: string, caller: Client): Promise<IntrospectionResponse> {
    return (await this.ofRefreshToken(token, caller)) ?? (await this.ofAccessToken(token, caller)) ?? INACTIVE;
  }

  private async ofAccessToken(token: string, caller: Client): Promise<ActiveToken | undefined> {
    const claims = await this.accessTokens.find(token);
    if (!claims) return undefined;
    const server = await this.resourceServers.find(claims.aud);
    if (caller.clientId !== claims.client_id && caller.clientId !== server?.clientId) return undefined;
    const { grant_id, ...members } = claims;
    // Its client is told who that is by the name it knows them by, a resource server by the one that all have.
    const isOfUser = grant_id !== undefined && caller.clientId === claims.client_id;
    const sub = isOfUser ? this.subjects.of(caller, claims.sub) : claims.sub;
    return { active: true, token_type: accessTokenTypeOf(claims), ...members, sub };
  }

  /** A refresh token concerns its client alone; one that was replaced is not active, though a retry may still use it. */
  private async ofRefreshToken(token: string, caller: Client): Promise<ActiveToken | undefined> {
    const known = await this.refreshTokens.read(token);
    if (!known || known.grant.clientId !== caller.clientId) return undefined;
    const { grant, generation } = known;
    if (generation !== grant.refreshGeneration || !(await this.status.isGrantLive(grant))) return undefined;
    return {
      active: true,
      scope: formatScope(grant.scopes),
      client_id: grant.clientId,
      sub: this.subjects.of(caller, grant.userId),
      iss: this.config.ISSUER,
      iat: secondsOf(grant.refreshedAt ?? grant.codeRedeemedAt ?? grant.createdAt),
      exp: secondsOf(grant.expiresAt),
    };
  }
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
