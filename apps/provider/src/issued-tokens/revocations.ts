import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { DataSource, type EntityManager } from 'typeorm';
import { RevokedTokens } from './revoked-tokens.js';
import { Client } from '../clients/client.entity.js';
import { Clients } from '../clients/clients.js';
import { Consents } from '../grants/consents.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import type { Session } from '../sessions/session.entity.js';
import { Sessions } from '../sessions/sessions.js';

/** What must be known of a token to revoke it, and what is recorded of it when it is known. */
export type RevokedToken = Pick<AccessTokenClaims, 'jti' | 'exp'> & Partial<AccessTokenClaims>;

/**
 * Ends tokens before their time: one, those of a grant, of a session, of a client, of a user.
 *
 * Each is one transaction with the events that say so; whoever passes events on tells the resource servers and the
 * clients. No clock decides which tokens have ended: each names its grant, its session and the generation of its client,
 * so that one which is being issued in the same moment ends too. What had ended before is not recorded again.
 */
@Injectable()
export class Revocations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: Grants,
    private readonly sessions: Sessions,
    private readonly clients: Clients,
    private readonly consents: Consents,
    private readonly revokedTokens: RevokedTokens,
    private readonly events: SecurityEvents,
  ) {}

  /** Revokes one access token, and with it every token that was exchanged for it. */
  revokeToken(claims: RevokedToken, origin: RequestOrigin): Promise<void> {
    const { jti, sub, client_id: clientId, sid, grant_id: grantId } = claims;
    return this.dataSource.transaction(async (transaction) => {
      if (!(await this.revokedTokens.add(claims, transaction))) return;
      const ofUser = grantId === undefined ? {} : { userId: sub, sessionId: sid, grantId };
      const event = { type: 'token-revoked', outcome: 'success', clientId, tokenId: jti } as const;
      await this.events.record({ ...event, ...ofUser, ...origin }, transaction);
    });
  }

  /** Revokes a grant: its code, its refresh tokens, its access tokens and what was exchanged for them. */
  async revokeGrant({ id, userId, clientId, sessionId }: Grant, origin: RequestOrigin): Promise<void> {
    const event = { type: 'grant-revoked', outcome: 'success', userId, clientId, sessionId } as const;
    await this.grants.revoke(id, { ...event, ...origin });
  }

  /** Ends a sign-in session for the person, with the tokens and the sessions at clients that rest on it. */
  revokeSession(session: Session, origin: RequestOrigin): Promise<void> {
    return this.sessions.end(session, origin, 'session-revoked');
  }

  /** Revokes every token that was issued to a client until now; it may get new ones at once. */
  async revokeClientTokens(clientId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const details = { generation: `${await this.endClientTokens(clientId, transaction)}` };
      const event = { type: 'client-tokens-revoked', outcome: 'success', clientId, details } as const;
      await this.events.record({ ...event, ...origin }, transaction);
    });
    this.clients.forget(clientId);
  }

  /** Ends every session of a user and every grant they gave: they have to sign in again everywhere. */
  async revokeUserTokens(userId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await this.events.record({ type: 'user-tokens-revoked', outcome: 'success', userId, ...origin }, transaction);
      await this.endUserTokens(userId, origin, transaction);
    });
    this.sessions.announceEnds();
  }

  /** Takes back what a person allowed a client: it has to ask again, and every grant they gave it ends. */
  async withdrawConsent(userId: string, clientId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const forgotten = await this.consents.remove(userId, clientId, transaction);
      const ended = await this.grants.revokeOfUserAtClient(userId, clientId, transaction);
      if (!forgotten && ended.length === 0) return;
      const about = { outcome: 'success', userId, clientId } as const;
      await this.events.record({ type: 'consent-withdrawn', ...about, ...origin }, transaction);
      for (const { id: grantId, sessionId } of ended) {
        await this.events.record({ type: 'grant-revoked', ...about, grantId, sessionId, ...origin }, transaction);
      }
    });
  }

  /**
   * What {@link revokeClientTokens} ends, for a transaction that records why by an event of its own.
   *
   * @returns the generation that the tokens issued from now on belong to; the event tells it in its details.
   */
  async endClientTokens(clientId: string, transaction: EntityManager): Promise<number> {
    await transaction.increment(Client, { clientId }, 'tokenGeneration', 1);
    await this.grants.revokeOfClient(clientId, transaction);
    const { tokenGeneration } = await transaction.findOneByOrFail(Client, { clientId });
    return tokenGeneration;
  }

  /** What {@link revokeUserTokens} ends, for a transaction that has recorded why; then call `Sessions.announceEnds`. */
  async endUserTokens(userId: string, origin: RequestOrigin, transaction: EntityManager): Promise<void> {
    await this.sessions.endOfUser(userId, transaction);
    for (const { id, ...grant } of await this.grants.revokeOfUser(userId, transaction)) {
      const event = { type: 'grant-revoked', outcome: 'success', userId, grantId: id } as const;
      await this.events.record({ ...event, ...grant, ...origin }, transaction);
    }
  }
}
