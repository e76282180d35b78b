import { Injectable } from '@nestjs/common';
import type { Confirmation } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { type SecurityEventContent, SecurityEvents, storableEvent } from '../security-events/security-events.js';
import type { GrantContent } from './grant-content.js';
import { GrantNetworks } from './grant-networks.js';
import {
  CAN_BE_REFRESHED,
  CREATE_GRANT,
  FIND_GRANT,
  type GrantState,
  MAY_HAVE_TOKENS,
  REDEEM_CODE,
} from './grant-statements.js';
import { Grant } from './grant.entity.js';

/**
 * Stores grants: what a user allowed a client. A change that must happen once is one SQL statement, so that of
 * concurrent callers only one succeeds. `RefreshTokenRotation` changes the refresh tokens of a grant.
 */
@Injectable()
export class Grants {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
    private readonly networks: GrantNetworks,
  ) {}

  /**
   * Inserts a grant and records the event `grant-created`, because the user may have consented earlier and then sees no
   * page.
   *
   * @param transaction the transaction to join; without it, the method uses one of its own.
   */
  async create(content: GrantContent, origin: RequestOrigin, transaction?: EntityManager): Promise<Grant> {
    if (!transaction) return this.createInOneStatement(content, origin);
    const grant = await this.insert(content, transaction);
    await this.events.record(creationOf(grant, origin), transaction);
    return grant;
  }

  private async createInOneStatement(content: GrantContent, origin: RequestOrigin): Promise<Grant> {
    const grant = this.newGrant(content);
    const event = storableEvent(creationOf(grant, origin));
    const row = await CREATE_GRANT.first(this.dataSource, [
      ...[grant.id, grant.secret, grant.clientId, grant.userId, grant.sessionId, grant.scopes, grant.resources],
      ...[grant.redirectUri, grant.codeChallenge, grant.nonce, grant.authenticatedAt, grant.amr, grant.acr],
      ...[grant.dpopJkt, grant.claims, content.codeLifetime, grant.expiresAt],
      ...[event.details, event.actor, event.address, event.agent, event.requestId],
    ]);
    if (!row) throw new Error('PostgreSQL returned no row for a new grant.');
    this.events.countRecorded(event);
    return Object.assign(grant, row);
  }

  /** Inserts a grant without an event, in the given transaction if there is one. */
  async insert(content: GrantContent, transaction: EntityManager = this.dataSource.manager): Promise<Grant> {
    const { codeLifetime } = content;
    const grant = this.newGrant(content);
    // The database sets the time because its clock also decides whether the code has expired.
    const codeExpiresAt = () => `now() + make_interval(secs => ${Number(codeLifetime)})`;
    const insertion = transaction
      .createQueryBuilder()
      .insert()
      .into(Grant)
      .values({ ...grant, codeExpiresAt });
    const written = await insertion.returning('code_expires_at').execute();
    [{ code_expires_at: grant.codeExpiresAt }] = written.raw as [{ code_expires_at: Date }];
    return grant;
  }

  private newGrant({ codeLifetime: _, ...given }: GrantContent): Grant {
    return this.dataSource.manager.create(Grant, {
      acr: null,
      dpopJkt: null,
      certificateThumbprint: null,
      claims: null,
      ...given,
      id: randomUUID(),
      secret: randomBytes(32),
      codeRedeemedAt: null,
      refreshGeneration: 0,
      refreshedAt: null,
      refreshedJkt: null,
      revokedAt: null,
    });
  }

  async find(id: string): Promise<Grant | null> {
    return (await this.findState(id))?.grant ?? null;
  }

  /** Finds a grant, and whether its user is enabled and its session is live. */
  async findState(id: string): Promise<GrantState | undefined> {
    const row = await FIND_GRANT.first(this.dataSource, [id]);
    if (!row) return undefined;
    const { isUserEnabled, isSessionLive, ...columns } = row;
    return { grant: Object.assign(new Grant(), columns), isUserEnabled, isSessionLive };
  }

  /**
   * Redeems the authorization code of a grant (RFC 6749 §4.1.2). Returns false when the code was redeemed before or has
   * expired, or when the grant or its session has ended; of concurrent callers, one gets true.
   *
   * @param address the network address of the client, which the anomaly rules compare with later ones.
   */
  async redeemCode(grant: Grant, address?: string | null): Promise<boolean> {
    const network = address ? networkOf(address) : null;
    const isRedeemed = (await REDEEM_CODE.first(this.dataSource, [grant.id, network])) !== undefined;
    if (isRedeemed && address) this.networks.noteRecorded(grant.id, address);
    return isRedeemed;
  }

  /** Binds the refresh tokens of a grant to a DPoP key or to a client certificate (RFC 9449 §5, RFC 8705 §4). */
  async bind(grant: Grant, { jkt, 'x5t#S256': certificate }: Confirmation): Promise<void> {
    await this.dataSource.query(
      `UPDATE grants SET dpop_jkt = coalesce($2, dpop_jkt), certificate_thumbprint = coalesce($3, certificate_thumbprint)
       WHERE id = $1`,
      [grant.id, jkt ?? null, certificate ?? null],
    );
  }

  /** Returns the scopes of all live grants of a user, by client id. */
  async liveScopesOfUser(userId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.dataSource.query<{ client_id: string; scopes: string[] }[]>(
      `SELECT client_id, array_agg(DISTINCT scope ORDER BY scope) AS scopes
       FROM grants CROSS JOIN unnest(scopes) AS scope
       WHERE user_id = $1 AND ${CAN_BE_REFRESHED}
       GROUP BY client_id`,
      [userId],
    );
    return new Map(rows.map(({ client_id, scopes }) => [client_id, scopes]));
  }

  /**
   * Revokes a grant and records the event in the same transaction. Does nothing when it was revoked, or expired so long ago
   * that its tokens have expired too.
   */
  async revoke(grantId: string, event: SecurityEventContent): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const [, revoked] = await transaction.query<[unknown, number]>(
        `UPDATE grants SET revoked_at = now() WHERE id = $1 AND ${MAY_HAVE_TOKENS}`,
        [grantId],
      );
      if (revoked === 1) await this.events.record({ ...event, grantId }, transaction);
    });
  }

  /**
   * Revokes every grant of a user that may have valid tokens, those with `offline_access` included, and returns them.
   */
  async revokeOfUser(
    userId: string,
    transaction: EntityManager,
  ): Promise<Pick<Grant, 'id' | 'clientId' | 'sessionId'>[]> {
    const [revoked] = await transaction.query<[{ id: string; client_id: string; session_id: string }[], number]>(
      `UPDATE grants SET revoked_at = now() WHERE user_id = $1 AND ${MAY_HAVE_TOKENS}
       RETURNING id, client_id, session_id`,
      [userId],
    );
    return revoked.map(({ id, client_id, session_id }) => ({ id, clientId: client_id, sessionId: session_id }));
  }

  /** Revokes every grant of a user to a client that may have valid tokens, and returns them. */
  async revokeOfUserAtClient(
    userId: string,
    clientId: string,
    transaction: EntityManager,
  ): Promise<Pick<Grant, 'id' | 'sessionId'>[]> {
    const [revoked] = await transaction.query<[{ id: string; session_id: string }[], number]>(
      `UPDATE grants SET revoked_at = now()
       WHERE user_id = $1 AND client_id = $2 AND ${MAY_HAVE_TOKENS}
       RETURNING id, session_id`,
      [userId, clientId],
    );
    return revoked.map(({ id, session_id }) => ({ id, sessionId: session_id }));
  }

  /** Revokes every grant of a client. */
  async revokeOfClient(clientId: string, transaction: EntityManager): Promise<void> {
    await transaction.query('UPDATE grants SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL', [
      clientId,
    ]);
  }

  /**
   * Revokes the grants of a session that may have valid tokens, and returns them.
   *
   * @param options `offline` includes the grants with `offline_access`, which outlive a sign-out (OpenID Connect Core §11).
   */
  async revokeOfSession(
    sessionId: string,
    { offline }: { readonly offline: boolean },
    transaction: EntityManager,
  ): Promise<{ readonly grantId: string; readonly clientId: string }[]> {
    const [revoked] = await transaction.query<[{ id: string; client_id: string }[], number]>(
      `UPDATE grants SET revoked_at = now()
       WHERE session_id = $1 AND ${MAY_HAVE_TOKENS} AND ($2 OR NOT 'offline_access' = ANY (scopes))
       RETURNING id, client_id`,
      [sessionId, offline],
    );
    return revoked.map(({ id, client_id }) => ({ grantId: id, clientId: client_id }));
  }

  /** Returns whether a client took part in a session: whether it was given a grant in it. */
  async isPartOfSession(clientId: string, sessionId: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(Grant, { clientId, sessionId });
  }
}

/** Returns the event of a new grant. */
const creationOf = (
  { id: grantId, userId, clientId, sessionId, scopes }: Grant,
  origin: RequestOrigin,
): SecurityEventContent => ({
  ...({ type: 'grant-created', outcome: 'success', userId, clientId, sessionId, grantId } as const),
  details: { scope: scopes.join(' ') },
  ...origin,
});
