import { Inject, Injectable } from '@nestjs/common';
import { randomSecret } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { Sessions } from '../../sessions/sessions.js';
import { checkPassword } from '../chosen-password.js';
import { hashPassword } from '../password.js';
import { User } from '../user.entity.js';
import { noSuchUser, type UserWithPassword } from './user-administration.js';

/** Sets the passwords of users for administrators. */
@Injectable()
export class UserPasswords {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly sessions: Sessions,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'NODE_ENV'>,
  ) {}

  /**
   * Sets the password of a user and ends all their sessions and grants, because the old password may have been stolen.
   * Generates the password when none is given.
   *
   * @throws Refusal `not-found`, or one that names the member `password`.
   */
  async set(id: string, chosen: string | undefined, origin: RequestOrigin): Promise<UserWithPassword> {
    if (chosen !== undefined) checkPassword(chosen, this.config);
    const password = chosen ?? randomSecret();
    const passwordHash = await hashPassword(password);
    const user = await this.dataSource.transaction(async (transaction) => {
      const { affected } = await transaction.update(User, { id }, { passwordHash });
      if (affected === 0) throw noSuchUser(id);
      await this.events.record({ type: 'user-password-set', outcome: 'success', userId: id, ...origin }, transaction);
      await this.revocations.endUserTokens(id, origin, transaction);
      return transaction.findOneByOrFail(User, { id });
    });
    this.sessions.announceEnds();
    return { user, ...(chosen === undefined && { password }) };
  }
}
