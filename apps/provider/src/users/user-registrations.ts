import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { hashPassword } from './password.js';
import { User } from './user.entity.js';

/** A user to register. The e-mail address counts as verified, because an operator enters it. */
export type NewUser = Pick<User, 'email' | 'claims' | 'administrator'> & { readonly password: string };

/** Registers users. */
@Injectable()
export class UserRegistrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /** Inserts a user and records the event. Returns undefined when another user has the e-mail address. */
  async create({ password, ...content }: NewUser, origin: RequestOrigin): Promise<User | undefined> {
    const passwordHash = await hashPassword(password);
    return this.dataSource.transaction(async (transaction) => {
      const id = randomUUID();
      const email = content.email.trim().toLowerCase();
      const row = { ...content, id, email, emailVerified: true, passwordHash, disabledAt: null };
      await transaction.createQueryBuilder().insert().into(User).values(row).orIgnore().execute();
      const user = await transaction.findOneBy(User, { id });
      if (!user) return undefined;
      const details = { administrator: `${content.administrator}` };
      const event = { type: 'user-created', outcome: 'success', userId: id, details } as const;
      await this.events.record({ ...event, ...origin }, transaction);
      return user;
    });
  }
}
