import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RequestOrigin } from '../../http/request-origin.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { Sessions } from '../../sessions/sessions.js';
import { keepAnAdministrator } from '../last-administrator.js';
import { User } from '../user.entity.js';
import { noSuchUser } from './user-administration.js';

/** Deletes users for administrators. */
@Injectable()
export class UserRemoval {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly sessions: Sessions,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Deletes a user with their personal data, sessions, consents and grants. Resource servers and clients are told as when
   * the user is disabled. Security events keep the id of the user, and no other member of the account.
   *
   * @param check is called with the user before the deletion, and may throw to prevent it.
   * @throws Refusal `not-found`; `conflict` when no enabled administrator would remain.
   */
  async remove(id: string, origin: RequestOrigin, check: (user: User) => void = () => undefined): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await keepAnAdministrator(id, transaction);
      // The lock waits for sessions and grants that are being inserted, so that they end too.
      const user = await transaction.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!user) throw noSuchUser(id);
      check(user);
      await this.events.record({ type: 'user-deleted', outcome: 'success', userId: id, ...origin }, transaction);
      // Before the rows of sessions and grants are deleted with the user: they name the clients to notify.
      await this.revocations.endUserTokens(id, origin, transaction);
      await transaction.delete(User, { id });
    });
    this.sessions.announceEnds();
  }
}
