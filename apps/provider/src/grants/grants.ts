import { Injectable } from '@nestjs/common';
import type { Confirmation } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { columnsOf, PreparedStatement } from '../database/prepared-statement.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { type SecurityEventContent, SecurityEvents, storableEvent } from '../security-events/security-events.js';
import type { GrantContent } from './grant-content.js';
import { GrantNetworks } from './grant-networks.js';
import { Grant } from './grant.entity.js';

/** Seconds for which resource servers may accept a token after it has expired. */
const CLOCK_TOLERANCE_SECONDS = 60;

// A grant that is inserted while its session ends is not revoked with the session, so its use checks the session.
const SESSION_IS_LIVE = `EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND sessions.ended_at IS NULL)`;

/**
 * The SQL condition for grants that can be refreshed. It uses the clock of the database, like everything that expires
 * here, because the clock of a replica may be wrong.
 */
export const CAN_BE_REFRESHED = `revoked_at IS NULL AND expires_at > now()
       AND ('offline_access' = ANY (scopes) OR ${SESSION_IS_LIVE})`;

/**
 * The SQL condition for grants that were not revoked and may have valid access tokens. A token that was issued shortly before
 * its grant expired is valid for longer than the grant.
 */
const MAY_HAVE_TOKENS = `revoked_at IS NULL AND expires_at > now() - make_interval(
         secs => (SELECT coalesce(max(access_token_lifetime), 0) + ${CLOCK_TOLERANCE_SECONDS} FROM resource_servers))`;

/** A grant, and what else decides whether its tokens are valid. */
export interface GrantState {
  readonly grant: Grant;
  readonly isUserEnabled: boolean;
  readonly isSessionLive: boolean;
}

type GrantStateRow = Grant & Omit<GrantState, 'grant'>;

const FIND_GRANT = new PreparedStatement<GrantStateRow>(
  'find-grant',
  (dataSource) => `
    SELECT ${columnsOf(dataSource, Grant, 'grants')}, users.disabled_at IS NULL AS "isUserEnabled",
      sessions.ended_at IS NULL AND sessions.expires_at > now() AS "isSessionLive"
    FROM grants JOIN users ON users.id = grants.user_id JOIN sessions ON sessions.id = grants.session_id
    WHERE grants.id = $1`,
);

/** Redeems a code, and records the network from which the grant is used for the first time. */
const REDEEM_CODE = new PreparedStatement<Pick<Grant, 'id'>>(
  'redeem-code',
  () => `
    WITH redeemed AS (
      UPDATE grants SET code_redeemed_at = now()
      WHERE id = $1 AND code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > now() AND ${SESSION_IS_LIVE}
      RETURNING id
    ), used AS (
      INSERT INTO grant_networks (grant_id, network, seen_at)
      SELECT id, $2::text, now() FROM redeemed WHERE $2::text IS NOT NULL ON CONFLICT DO NOTHING
    )
    SELECT id FROM redeemed`,
);

/** Inserts a grant together with its event, so that neither is ever without the other. */
const CREATE_GRANT = new PreparedStatement<Pick<Grant, 'codeExpiresAt'>>(
  'create-grant',
  () => `
    WITH created AS (
      INSERT INTO grants (id, secret, client_id, user_id, session_id, scopes, resources, redirect_uri, code_challenge,
        nonce, authenticated_at, amr, acr, dpop_jkt, claims, code_expires_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now() + make_interval(secs => $16), $17)
      RETURNING id, client_id, user_id, session_id, code_expires_at
    ), recorded AS (
      INSERT INTO security_events (type, outcome, user_id, client_id, session_id, grant_id, details, actor, address, agent,
        request_id)
      SELECT 'grant-created', 'success', user_id, client_id, session_id, id, $18::jsonb, $19, $20, $21, $22 FROM created
    )
    SELECT code_expires_at AS "codeExpiresAt" FROM created`,
);

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
