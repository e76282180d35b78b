import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { refusedState } from '../http/refusal.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { hashPassword } from './password.js';
import { User } from './user.entity.js';

/** A user to register. */
export type NewUser = Pick<User, 'email' | 'claims' | 'administrator'> & {
  readonly password: string;
  /** A new UUID by default. */
  readonly id?: string | undefined;
  /** True by default, because an operator enters the e-mail address. */
  readonly emailVerified?: boolean | undefined;
};

/** Registers users. */
@Injectable()
export class UserRegistrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Inserts a user and records the event.
   *
   * @throws Refusal `conflict` when another user has the e-mail address or the id.
   */
  async create(
    { password, id = randomUUID(), emailVerified = true, ...content }: NewUser,
    origin: RequestOrigin,
  ): Promise<User> {
    const passwordHash = await hashPassword(password);
    return this.dataSource.transaction(async (transaction) => {
      const email = content.email.trim().toLowerCase();
      const row = { ...content, id, email, emailVerified, passwordHash, disabledAt: null };
      const insert = transaction.createQueryBuilder().insert().into(User).values(row).orIgnore().returning('id');
      const inserted = (await insert.execute()).raw as unknown[];
      if (inserted.length === 0) {
        const isIdTaken = await transaction.existsBy(User, { id });
        throw isIdTaken
          ? refusedState(`A user with the id ${id} already exists.`, 'sub')
          : refusedState(`A user ${email} already exists.`, 'email');
      }
      const details = { administrator: `${content.administrator}` };
      const event = { type: 'user-created', outcome: 'success', userId: id, details } as const;
      await this.events.record({ ...event, ...origin }, transaction);
      return transaction.findOneByOrFail(User, { id });
    });
  }
}
