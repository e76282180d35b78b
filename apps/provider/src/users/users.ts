import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isDeepStrictEqual } from 'node:util';
import { In, IsNull, Repository } from 'typeorm';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import { verifyPassword } from './password.js';
import { type StandardClaims, User } from './user.entity.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who changes an account, and from where. */
export type AccountChangeContext = Omit<SecurityEventContent, 'type' | 'outcome' | 'userId' | 'details'>;

/** The users of the provider. A disabled user is treated like one that does not exist. */
@Injectable()
export class Users {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly events: SecurityEvents,
  ) {}

  find(id: string): Promise<User | null> {
    return this.users.findOneBy({ id, disabledAt: IsNull() });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOneBy({ email: email.trim().toLowerCase(), disabledAt: IsNull() });
  }

  /** The user of an id or an e-mail address, disabled or not; for administrators. */
  async lookUp(name: string): Promise<User | null> {
    if (name.includes('\0')) return null;
    return UUID.test(name)
      ? this.users.findOneBy({ id: name })
      : this.users.findOneBy({ email: name.trim().toLowerCase() });
  }

  /** The e-mail addresses of some users, disabled ones too, by their ids; what is no id is nobody’s. */
  async emailsOf(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const found = await this.users.find({
      where: { id: In([...new Set(ids)].filter((id) => UUID.test(id))) },
      select: { id: true, email: true },
    });
    return new Map(found.map(({ id, email }) => [id, email]));
  }

  /** The user whom an e-mail address and a password identify. Takes as long when there is none. */
  async authenticate(email: string, password: string): Promise<User | undefined> {
    const user = await this.findByEmail(email);
    const matches = await verifyPassword(password, user?.passwordHash);
    return matches && user ? user : undefined;
  }

  /**
   * Changes the standard claims of a user to what `change` makes of them; of several changes at once each starts from
   * the result of the one before. Which of them changed is recorded, not to what.
   *
   * @returns the user as they are now; null when there is no such user.
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
