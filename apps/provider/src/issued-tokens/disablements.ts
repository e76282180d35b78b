import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import { Client } from '../clients/client.entity.js';
import { Clients } from '../clients/clients.js';
import { Revocations } from './revocations.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { Sessions } from '../sessions/sessions.js';
import { keepAnAdministrator } from '../users/last-administrator.js';
import { User } from '../users/user.entity.js';

/**
 * Disables and enables clients and users. Disabling revokes all tokens of the client or user, in one transaction with
 * the security event. Enabling allows new tokens; it restores no old ones.
 *
 * Each method returns whether it changed anything: false when the client or user does not exist or is already in that
 * state.
 */
@Injectable()
export class Disablements {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: Clients,
    private readonly sessions: Sessions,
    private readonly revocations: Revocations,
    private readonly events: SecurityEvents,
  ) {}

  /** Disables a client and revokes its tokens. */
  async disableClient(clientId: string, origin: RequestOrigin): Promise<boolean> {
    const changed = await this.dataSource.transaction(async (transaction) => {
      const unless = { clientId, disabledAt: IsNull() };
      const { affected } = await transaction.update(Client, unless, { disabledAt: new Date() });
      if (affected === 0) return false;
      const details = { generation: `${await this.revocations.endClientTokens(clientId, transaction)}` };
      const event = { type: 'client-disabled', outcome: 'success', clientId, details } as const;
      await this.events.record({ ...event, ...origin }, transaction);
      return true;
    });
    this.clients.forget(clientId);
    return changed;
  }

  /** Enables a disabled client. */
  async enableClient(clientId: string, origin: RequestOrigin): Promise<boolean> {
    const changed = await this.dataSource.transaction(async (transaction) => {
      const unless = { clientId, disabledAt: Not(IsNull()) };
      const { affected } = await transaction.update(Client, unless, { disabledAt: null });
      if (affected === 0) return false;
      await this.events.record({ type: 'client-enabled', outcome: 'success', clientId, ...origin }, transaction);
      return true;
    });
    this.clients.forget(clientId);
    return changed;
  }

  /**
   * Disables a user, ends their sessions and revokes their grants.
   *
   * @throws Refusal `conflict` when the user is the only enabled administrator.
   */
  async disableUser(userId: string, origin: RequestOrigin): Promise<boolean> {
    const changed = await this.dataSource.transaction(async (transaction) => {
      await keepAnAdministrator(userId, transaction);
      const unless = { id: userId, disabledAt: IsNull() };
      const { affected } = await transaction.update(User, unless, { disabledAt: new Date() });
      if (affected === 0) return false;
      await this.events.record({ type: 'user-disabled', outcome: 'success', userId, ...origin }, transaction);
      await this.revocations.endUserTokens(userId, origin, transaction);
      return true;
    });
    this.sessions.announceEnds();
    return changed;
  }

  /** Enables a disabled user. */
  enableUser(userId: string, origin: RequestOrigin): Promise<boolean> {
    return this.dataSource.transaction(async (transaction) => {
      const unless = { id: userId, disabledAt: Not(IsNull()) };
      const { affected } = await transaction.update(User, unless, { disabledAt: null });
      if (affected === 0) return false;
      await this.events.record({ type: 'user-enabled', outcome: 'success', userId, ...origin }, transaction);
      return true;
    });
  }
}
