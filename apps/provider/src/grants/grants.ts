import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import type { GrantContent } from './grant-content.js';
import { Grant } from './grant.entity.js';

// A grant that is written while its session is ending escapes the revocation; it must not get anywhere.
const SESSION_IS_LIVE = `EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND sessions.ended_at IS NULL)`;

// By the database's clock, as everything that ends here: that of a replica may be wrong.
const CAN_BE_REFRESHED = `revoked_at IS NULL AND expires_at > now()
       AND ('offline_access' = ANY (scopes) OR ${SESSION_IS_LIVE})`;

/** The use of a refresh token: its generation, and the key that was proven with it, if any (RFC 9449 §5). */
export interface RefreshTokenUse {
  readonly generation: number;
  readonly jkt: string | undefined;
}

/** The grants people gave. Whatever must happen once is one statement, so that no two callers can both do it. */
@Injectable()
export class Grants {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Writes the grant that a person gives now, and records it: the consent behind it may be an old one.
   *
   * @param transaction the caller's; one of its own unless given.
   */
  async give(content: GrantContent, origin: RequestOrigin, transaction?: EntityManager): Promise<Grant> {
    if (!transaction) return this.dataSource.transaction((own) => this.give(content, origin, own));
    const grant = await this.create(content, transaction);
    const { id: grantId, userId, clientId, sessionId, scopes } = grant;
    const event = { type: 'grant-created', outcome: 'success', userId, clientId, sessionId, grantId } as const;
    await this.events.record({ ...event, details: { scope: scopes.join(' ') }, ...origin }, transaction);
    return grant;
  }

  /** Writes a grant, in the caller's transaction when one is given. */
  async create(content: GrantContent, transaction: EntityManager = this.dataSource.manager): Promise<Grant> {
    const { codeLifetime, ...given } = content;
    const grant = transaction.create(Grant, {
      acr: null,
      dpopJkt: null,
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
    // By the database's clock, which is the one that decides when the code is redeemed.
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

  find(id: string): Promise<Grant | null> {
    return this.dataSource.manager.findOneBy(Grant, { id });
  }

  /** Redeems the code of a grant; true for the one caller who may go on (RFC 6749 §4.1.2). */
  redeemCode(grant: Grant): Promise<boolean> {
    return this.changesOne(
      `UPDATE grants SET code_redeemed_at = now()
       WHERE id = $1 AND code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > now()
       AND ${SESSION_IS_LIVE}`,
      [grant.id],
    );
  }

  /** Whether a refresh token is the newest of a grant that can be refreshed; for clients whose tokens stay as they are. */
  async isNewest(grant: Grant, generation: number): Promise<boolean> {
    const [found] = await this.dataSource.query<unknown[]>(
      `SELECT id FROM grants WHERE id = $1 AND refresh_generation = $2 AND ${CAN_BE_REFRESHED}`,
      [grant.id, generation],
    );
    return found !== undefined;
  }

  /**
   * Replaces the newest refresh token; true when the next generation is the caller's, who did it or repeats it.
   *
   * A repetition is the very request that did it, once more: the generation before the newest, the same key or none, no
   * later than so many seconds. One statement decides, so that there is no moment between looking and doing.
   */
  rotate(grant: Grant, { generation, jkt }: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    return this.changesOne(
      `UPDATE grants SET refresh_generation = $2 + 1, refreshed_jkt = $3,
         refreshed_at = CASE WHEN refresh_generation = $2 THEN now() ELSE refreshed_at END
       WHERE id = $1 AND ${CAN_BE_REFRESHED}
       AND (refresh_generation = $2
         OR (refresh_generation = $2 + 1 AND refreshed_jkt IS NOT DISTINCT FROM $3
           AND refreshed_at > now() - make_interval(secs => $4)))`,
      [grant.id, generation, jkt ?? null, graceSeconds],
    );
  }

  /** Binds the refresh tokens of a grant to a key (RFC 9449 §5). */
  async bindToKey(grant: Grant, jkt: string): Promise<void> {
    await this.dataSource.query('UPDATE grants SET dpop_jkt = $2 WHERE id = $1', [grant.id, jkt]);
  }

  /** Ends a grant and records why, together. A grant that has ended already stays as it is, and so does the record. */
  async revoke(grantId: string, event: SecurityEventContent): Promise<void> {
    await this.end(event, 'id = $1 AND expires_at > now()', [grantId]);
  }

  /** Ends the grant of a refresh token that has been replaced; true for the one caller who did it, and recorded it. */
  endReused(grantId: string, generation: number, event: SecurityEventContent): Promise<boolean> {
    return this.end(event, `id = $1 AND refresh_generation > $2 AND ${CAN_BE_REFRESHED}`, [grantId, generation]);
  }

  /** Ends every grant of a user, those with `offline_access` too, and tells which they were. */
  async revokeOfUser(
    userId: string,
    transaction: EntityManager,
  ): Promise<Pick<Grant, 'id' | 'clientId' | 'sessionId'>[]> {
    const [ended] = await transaction.query<[{ id: string; client_id: string; session_id: string }[], number]>(
      `UPDATE grants SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
       RETURNING id, client_id, session_id`,
      [userId],
    );
    return ended.map(({ id, client_id, session_id }) => ({ id, clientId: client_id, sessionId: session_id }));
  }

  /** Ends every grant that was given to a client. */
  async revokeOfClient(clientId: string, transaction: EntityManager): Promise<void> {
    await transaction.query('UPDATE grants SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL', [
      clientId,
    ]);
  }

  /** What clients can do in the name of a user as things are: every scope of their live grants, by client. */
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

  /** Ends every grant that a user gave to a client, and tells which they were. */
  async revokeOfUserAtClient(
    userId: string,
    clientId: string,
    transaction: EntityManager,
  ): Promise<Pick<Grant, 'id' | 'sessionId'>[]> {
    const [ended] = await transaction.query<[{ id: string; session_id: string }[], number]>(
      `UPDATE grants SET revoked_at = now()
       WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL AND expires_at > now()
       RETURNING id, session_id`,
      [userId, clientId],
    );
    return ended.map(({ id, session_id }) => ({ id, sessionId: session_id }));
  }

  /** Ends the grants that live only as long as their sign-in session. */
  async revokeOfSession(sessionId: string, transaction: EntityManager): Promise<void> {
    await transaction.query(
      `UPDATE grants SET revoked_at = now()
       WHERE session_id = $1 AND revoked_at IS NULL AND NOT 'offline_access' = ANY (scopes)`,
      [sessionId],
    );
  }

  private end(
    event: SecurityEventContent,
    which: string,
    parameters: [grantId: string, ...unknown[]],
  ): Promise<boolean> {
    const [grantId] = parameters;
    return this.dataSource.transaction(async (transaction) => {
      const [, ended] = await transaction.query<[unknown, number]>(
        `UPDATE grants SET revoked_at = now() WHERE ${which} AND revoked_at IS NULL`,
        parameters,
      );
      if (ended === 1) await this.events.record({ ...event, grantId }, transaction);
      return ended === 1;
    });
  }

  private async changesOne(statement: string, parameters: unknown[]): Promise<boolean> {
    const [, changed] = await this.dataSource.query<[unknown, number]>(statement, parameters);
    return changed === 1;
  }
}
