import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isDeepStrictEqual } from 'node:util';
import { In, IsNull, Repository } from 'typeorm';
import { columnsOf, PreparedStatement } from '../database/prepared-statement.js';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import { verifyPassword } from './password.js';
import { type StandardClaims, User } from './user.entity.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The client, session and origin of a change of an account, for its security event. */
export type AccountChangeContext = Omit<SecurityEventContent, 'type' | 'outcome' | 'userId' | 'details'>;

const FIND_USER = new PreparedStatement<User>(
  'find-user',
  (dataSource) => `SELECT ${columnsOf(dataSource, User, 'users')} FROM users WHERE id = $1 AND disabled_at IS NULL`,
);

/** Finds, authenticates and changes users. Treats a disabled user like one who does not exist, unless stated otherwise. */
@Injectable()
export class Users {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly events: SecurityEvents,
  ) {}

  /** Finds a user by id. */
  async find(id: string): Promise<User | null> {
    const row = await FIND_USER.first(this.users.manager.dataSource, [id]);
    return row ? Object.assign(new User(), row) : null;
  }

  /** Finds a user by e-mail address, ignoring case and surrounding spaces. */
  findByEmail(email: string): Promise<User | null> {
    return this.users.findOneBy({ email: email.trim().toLowerCase(), disabledAt: IsNull() });
  }

  /** Finds a user by id or e-mail address, including disabled ones. Meant for administrators. */
  async findByIdOrEmail(name: string): Promise<User | null> {
    if (name.includes('\0')) return null;
    return UUID.test(name)
      ? this.users.findOneBy({ id: name })
      : this.users.findOneBy({ email: name.trim().toLowerCase() });
  }

  /** Returns the e-mail addresses of users by their ids, including disabled ones. Ignores texts that are not ids. */
  async emailsOf(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const found = await this.users.find({
      where: { id: In([...new Set(ids)].filter((id) => UUID.test(id))) },
      select: { id: true, email: true },
    });
    return new Map(found.map(({ id, email }) => [id, email]));
  }

  /** Returns the user with an e-mail address and password. Takes as long when there is none, so that the time reveals nothing. */
  async authenticate(email: string, password: string): Promise<User | undefined> {
    const user = await this.findByEmail(email);
    const matches = await verifyPassword(password, user?.passwordHash);
    return matches && user ? user : undefined;
  }

  /**
   * Replaces the standard claims of a user with the result of `change`. Parallel changes run one after the other, each on
   * the result of the one before. Records the names of the changed claims, but not their values.
   *
   * @returns the changed user, or null when there is no such user.
   */
  changeClaims(
    id: string,
    change: (user: User) => StandardClaims,
    context: AccountChangeContext,
  ): Promise<User | null> {
    return this.users.manager.transaction(async (transaction) => {
      const user = await transaction.findOne(User, {
        where: { id, disabledAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!user) return null;
      const before = user.claims;
      user.claims = change(user);
      const fields = namesOfChanged(before, user.claims).join(' ');
      if (fields) {
        const event = { type: 'account-changed', outcome: 'success', userId: id, details: { fields } } as const;
        await this.events.record({ ...event, ...context }, transaction);
      }
      return transaction.save(user);
    });
  }
}

function namesOfChanged(before: StandardClaims, after: StandardClaims): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof StandardClaims)[]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}
