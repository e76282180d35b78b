import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import { Grant } from './grant.entity.js';

/** What a new grant allows; its id and its secret are made here. */
export type GrantContent = Pick<
  Grant,
  | 'clientId'
  | 'userId'
  | 'sessionId'
  | 'scopes'
  | 'resources'
  | 'redirectUri'
  | 'codeChallenge'
  | 'nonce'
  | 'authenticatedAt'
  | 'amr'
  | 'codeExpiresAt'
  | 'expiresAt'
> &
  Partial<Pick<Grant, 'acr' | 'dpopJkt' | 'claims'>>;

// A grant that is written while its session is ending escapes the revocation; it must not get anywhere.
const SESSION_IS_LIVE = `EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND sessions.ended_at IS NULL)`;

/** The grants people gave. Whatever must happen once is one statement, so that no two callers can both do it. */
@Injectable()
export class Grants {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /** Writes a grant, in the caller's transaction when one is given. */
  async create(content: GrantContent, transaction: EntityManager = this.dataSource.manager): Promise<Grant> {
    const grant = transaction.create(Grant, {
      acr: null,
      dpopJkt: null,
      claims: null,
      ...content,
      id: randomUUID(),
      secret: randomBytes(32),
      codeRedeemedAt: null,
      refreshGeneration: 0,
      refreshedAt: null,
      revokedAt: null,
    });
    await transaction.insert(Grant, grant);
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

  /** Replaces the newest refresh token, if it is still this generation; true for the one caller who did it. */
  rotate(grant: Grant, generation: number): Promise<boolean> {
    return this.changesOne(
      `UPDATE grants SET refresh_generation = $2 + 1, refreshed_at = now()
       WHERE id = $1 AND refresh_generation = $2 AND revoked_at IS NULL AND expires_at > now()
       AND ('offline_access' = ANY (scopes) OR ${SESSION_IS_LIVE})`,
      [grant.id, generation],
    );
  }

  /** Binds the refresh tokens of a grant to a key (RFC 9449 §5). */
  async bindToKey(grant: Grant, jkt: string): Promise<void> {
    await this.dataSource.query('UPDATE grants SET dpop_jkt = $2 WHERE id = $1', [grant.id, jkt]);
  }

  /** Ends a grant and records why, together. A grant that has ended already stays as it is. */
  async revoke(grantId: string, event: SecurityEventContent): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await transaction.query('UPDATE grants SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [grantId]);
      await this.events.record({ ...event, grantId }, transaction);
    });
  }

  /** Ends the grants that live only as long as their sign-in session. */
  async revokeOfSession(sessionId: string, transaction: EntityManager): Promise<void> {
    await transaction.query(
      `UPDATE grants SET revoked_at = now()
       WHERE session_id = $1 AND revoked_at IS NULL AND NOT 'offline_access' = ANY (scopes)`,
      [sessionId],
    );
  }

  private async changesOne(statement: string, parameters: unknown[]): Promise<boolean> {
    const [, changed] = await this.dataSource.query<[unknown, number]>(statement, parameters);
    return changed === 1;
  }
}
