import { Injectable } from '@nestjs/common';
import { formatScope } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import { noSuchObject, parseOrRefuse, refusedValue } from '../../http/refusal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { Sessions } from '../../sessions/sessions.js';
import { Users } from '../../users/users.js';
import { IssuedAccessTokens } from '../issued-access-tokens.js';
import { Revocations, type RevokedToken } from '../revocations.js';
import { liveOfClient, liveOfSession, liveOfUser } from './live-counts.js';
import { type RevocationJson, RevocationRequest } from './revocation-json.js';

/** Something that an administrator is about to revoke. */
export interface RevocationTarget {
  /** The kind of the target. A refresh token is found as its grant. */
  readonly kind: keyof RevocationRequest;
  /** What the revocation ends. */
  readonly json: RevocationJson;
  revoke(origin: RequestOrigin): Promise<void>;
}

/** Matches the `jti` of an access token. A token itself is longer or contains dots. */
export const JTI = /^[\w-]{8,64}$/;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The lifetime of access tokens when no resource server is registered, in seconds. */
const SHORTEST_RETENTION = 600;

/** Finds what administrators revoke: a user's or a client's tokens, a session, a grant or one token. */
@Injectable()
export class RevocationTargets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly grants: Grants,
    private readonly refreshTokens: RefreshTokenReader,
    private readonly accessTokens: IssuedAccessTokens,
    private readonly resourceServers: ResourceServers,
  ) {}

  /**
   * Finds the target that a request names, without changing it.
   *
   * @throws Refusal `not-found`, or one that names the malformed member.
   */
  async find(request: RevocationRequest): Promise<RevocationTarget> {
    const { user, client, session, grant, token = '' } = parseOrRefuse(RevocationRequest, request);
    if (user !== undefined) return this.user(user);
    if (client !== undefined) return this.client(client);
    if (session !== undefined) return this.session(checkUuid(session, 'session'));
    if (grant !== undefined) return this.grant(checkUuid(grant, 'grant'));
    return this.token(token.trim());
  }

  private async user(name: string): Promise<RevocationTarget> {
    const user = await this.users.findByIdOrEmail(name);
    if (!user) throw noSuchObject(`There is no user ${JSON.stringify(name)}.`);
    const { id, email } = user;
    return {
      kind: 'user',
      json: { sub: id, email, ended: await liveOfUser(this.dataSource.manager, id) },
      revoke: (origin) => this.revocations.revokeUserTokens(id, origin),
    };
  }

  private async client(clientId: string): Promise<RevocationTarget> {
    const { manager } = this.dataSource;
    if (clientId.includes('\0') || !(await manager.existsBy(Client, { clientId }))) {
      throw noSuchObject(`There is no client ${JSON.stringify(clientId)}.`);
    }
    return {
      kind: 'client',
      json: { client_id: clientId, ended: await liveOfClient(manager, clientId) },
      revoke: (origin) => this.revocations.revokeClientTokens(clientId, origin),
    };
  }

  private async session(id: string): Promise<RevocationTarget> {
    const session = await this.sessions.find(id);
    if (!session) throw noSuchObject(`There is no active session ${id}.`);
    return {
      kind: 'session',
      json: { session_id: id, sub: session.userId, ended: await liveOfSession(this.dataSource.manager, id) },
      revoke: (origin) => this.revocations.revokeSession(session, origin),
    };
  }

  private async grant(id: string): Promise<RevocationTarget> {
    const grant = await this.grants.find(id);
    if (!grant?.isLive) throw noSuchObject(`There is no active grant ${id}.`);
    return this.liveGrant(grant);
  }

  private liveGrant(grant: Grant): RevocationTarget {
    const { id, userId, clientId, scopes } = grant;
    const ended = { sessions: 0, grants: 1 };
    return {
      kind: 'grant',
      json: { grant_id: id, sub: userId, client_id: clientId, scope: formatScope(scopes), ended },
      revoke: (origin) => this.revocations.revokeGrant(grant, origin),
    };
  }

  private async token(token: string): Promise<RevocationTarget> {
    const refreshToken = await this.refreshTokens.read(token);
    if (refreshToken) return this.grant(refreshToken.grant.id);
    const claims = await this.accessTokens.find(token);
    if (claims) {
      const { jti, client_id, sub } = claims;
      return this.accessToken(claims, { jti, client_id, sub });
    }
    if (!JTI.test(token)) throw noSuchObject('This is not an active token of this provider.');
    return this.accessToken({ jti: token, exp: await this.latestExpiry() }, { jti: token });
  }

  private accessToken(claims: RevokedToken, json: RevocationJson): RevocationTarget {
    return { kind: 'token', json, revoke: (origin) => this.revocations.revokeToken(claims, origin) };
  }

  /** Returns when the last access token that exists now expires. Access tokens are not stored, so a `jti` alone has no expiry. */
  private async latestExpiry(): Promise<number> {
    const lifetimes = (await this.resourceServers.all()).map(({ accessTokenLifetime }) => accessTokenLifetime);
    return Math.floor(Date.now() / 1000) + Math.max(...lifetimes, SHORTEST_RETENTION);
  }
}

function checkUuid(text: string, field: string): string {
  const id = text.toLowerCase();
  if (UUID.test(id)) return id;
  throw refusedValue(field, 'must be a UUID');
}
