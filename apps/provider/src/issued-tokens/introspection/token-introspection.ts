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

/** The introspection response (RFC 7662 §2.2). */
export type IntrospectionResponse = ActiveToken | { active: false };

/** The whole response for a token that is invalid, or that the caller may not introspect (RFC 7662 §2.2). */
const INACTIVE: IntrospectionResponse = { active: false };

/** Introspects tokens for the client that a token was issued to and for the resource server in its audience only. */
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

  /** Introspects a token. Its format shows its type, so `token_type_hint` is not needed (RFC 7662 §2.1). */
  async introspect(token: string, caller: Client): Promise<IntrospectionResponse> {
    return (
      (await this.introspectRefreshToken(token, caller)) ??
      (await this.introspectAccessToken(token, caller)) ??
      INACTIVE
    );
  }

  private async introspectAccessToken(token: string, caller: Client): Promise<ActiveToken | undefined> {
    const claims = await this.accessTokens.find(token);
    if (!claims) return undefined;
    const server = await this.resourceServers.find(claims.aud);
    if (caller.clientId !== claims.client_id && caller.clientId !== server?.clientId) return undefined;
    const { grant_id, ...members } = claims;
    // The client gets its own, possibly pairwise, subject; resource servers get the public one.
    const isOfUser = grant_id !== undefined && caller.clientId === claims.client_id;
    const sub = isOfUser ? this.subjects.of(caller, claims.sub) : claims.sub;
    return { active: true, token_type: accessTokenTypeOf(claims), ...members, sub };
  }

  /** Introspects a refresh token for its client. A rotated one is not active, although a retry may still use it. */
  private async introspectRefreshToken(token: string, caller: Client): Promise<ActiveToken | undefined> {
    const known = await this.refreshTokens.read(token);
    if (!known || known.grant.clientId !== caller.clientId) return undefined;
    const { grant, generation } = known;
    if (generation < grant.refreshGeneration || !(await this.status.isGrantLive(known))) return undefined;
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
