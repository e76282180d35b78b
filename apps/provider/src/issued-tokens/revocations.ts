import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { DataSource, type EntityManager } from 'typeorm';
import { RevokedTokens } from './revoked-tokens.js';
import { Client } from '../clients/client.entity.js';
import { Clients } from '../clients/clients.js';
import { Consents } from '../grants/consents.js';
import { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import type { Session } from '../sessions/session.entity.js';
import { Sessions } from '../sessions/sessions.js';

/** The claims of a token to revoke: `jti` and `exp` are needed, the others are recorded in the event when known. */
export type RevokedToken = Pick<AccessTokenClaims, 'jti' | 'exp'> & Partial<AccessTokenClaims>;

/**
 * Revokes tokens before they expire: one token, or all tokens of a grant, a session, a client or a user.
 *
 * Each revocation is one transaction with its security events. Shared signals and back-channel logout deliver these
 * events to resource servers and clients. Revocation does not compare times: each token names its grant, its session
 * and the generation of its client, so that a token which is issued at the same moment is revoked too. Tokens that were
 * already revoked are not recorded again.
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

  /** Revokes one access token and every token that was exchanged for it. */
  revokeToken(claims: RevokedToken, origin: RequestOrigin): Promise<void> {
    const { jti, exp, aud, client_id: clientId, sid, grant_id: grantId } = claims;
    return this.dataSource.transaction(async (transaction) => {
      if (!(await this.revokedTokens.add(claims, transaction))) return;
      const grant = grantId === undefined ? null : await transaction.findOneBy(Grant, { id: grantId });
      const sessionId = sid === undefined ? undefined : grant?.sessionId;
      const userMembers = grant && { userId: grant.userId, sessionId, grantId };
      const details = { ...(aud !== undefined && { audience: aud }), expires_at: `${exp}` };
      const event = { type: 'token-revoked', outcome: 'success', clientId, tokenId: jti, details } as const;
      await this.events.record({ ...event, ...userMembers, ...origin }, transaction);
    });
  }

  /** Revokes a grant: its code, its refresh tokens, its access tokens and the tokens that were exchanged for them. */
  async revokeGrant({ id, userId, clientId, sessionId }: Grant, origin: RequestOrigin): Promise<void> {
    const event = { type: 'grant-revoked', outcome: 'success', userId, clientId, sessionId } as const;
    await this.grants.revoke(id, { ...event, ...origin });
  }

  /** Ends a sign-in session with every grant that was given in it, and the sessions at clients that depend on it. */
  revokeSession(session: Session, origin: RequestOrigin): Promise<void> {
    return this.sessions.end(session, origin, 'session-revoked');
  }

  /** Revokes every token that was issued to a client until now. The client may get new ones at once. */
  async revokeClientTokens(clientId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const details = { generation: `${await this.endClientTokens(clientId, transaction)}` };
      const event = { type: 'client-tokens-revoked', outcome: 'success', clientId, details } as const;
      await this.events.record({ ...event, ...origin }, transaction);
    });
    this.clients.forget(clientId);
  }

  /** Ends every session of a user and revokes every grant they gave, so that they must sign in again everywhere. */
  async revokeUserTokens(userId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await this.events.record({ type: 'user-tokens-revoked', outcome: 'success', userId, ...origin }, transaction);
      await this.endUserTokens(userId, origin, transaction);
    });
    this.sessions.announceEnds();
  }

  /**
   * Withdraws the consent of a user to a client and revokes the grants to it. The client must ask for consent again.
   */
  async withdrawConsent(userId: string, clientId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const forgotten = await this.consents.remove(userId, clientId, transaction);
      const ended = await this.grants.revokeOfUserAtClient(userId, clientId, transaction);
      if (!forgotten && ended.length === 0) return;
      const shared = { outcome: 'success', userId, clientId, ...origin } as const;
      await this.events.record({ type: 'consent-withdrawn', ...shared }, transaction);
      for (const { id: grantId, sessionId } of ended) {
        await this.events.record({ type: 'grant-revoked', grantId, sessionId, ...shared }, transaction);
      }
    });
  }

  /**
   * Revokes the tokens of a client as {@link revokeClientTokens} does, in a transaction that records its own event.
   *
   * @returns the generation of the tokens issued from now on, for the details of that event.
   */
  async endClientTokens(clientId: string, transaction: EntityManager): Promise<number> {
    await transaction.increment(Client, { clientId }, 'tokenGeneration', 1);
    await this.grants.revokeOfClient(clientId, transaction);
    const { tokenGeneration } = await transaction.findOneByOrFail(Client, { clientId });
    return tokenGeneration;
  }

  /**
   * Ends sessions and grants of a user as {@link revokeUserTokens} does, in a transaction that has recorded its own
   * event. Call `Sessions.announceEnds` after the commit.
   */
  async endUserTokens(userId: string, origin: RequestOrigin, transaction: EntityManager): Promise<void> {
    await this.sessions.endOfUser(userId, transaction);
    for (const { id, ...grant } of await this.grants.revokeOfUser(userId, transaction)) {
      const event = { type: 'grant-revoked', outcome: 'success', userId, grantId: id } as const;
      await this.events.record({ ...event, ...grant, ...origin }, transaction);
    }
  }
}
