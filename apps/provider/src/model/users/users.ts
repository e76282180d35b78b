import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { verifyPassword } from './password.js';
import { type StandardClaims, User } from './user.entity.js';

/** The users of the provider. A disabled user is treated like one that does not exist. */
@Injectable()
export class Users {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  find(id: string): Promise<User | null> {
    return this.users.findOneBy({ id, disabledAt: IsNull() });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOneBy({ email: email.trim().toLowerCase(), disabledAt: IsNull() });
  }

  /** The user whom an e-mail address and a password identify. Takes as long when there is none. */
  async authenticate(email: string, password: string): Promise<User | undefined> {
    const user = await this.findByEmail(email);
    const matches = await verifyPassword(password, user?.passwordHash);
    return matches && user ? user : undefined;
  }

  /**
   * Changes the standard claims of a user to what `change` makes of them; of several changes at once each starts from
   * the result of the one before.
   *
   * @returns the user as they are now; null when there is no such user.
   */
  changeClaims(id: string, change: (user: User) => StandardClaims): Promise<User | null> {
    return this.users.manager.transaction(async (transaction) => {
      const user = await transaction.findOne(User, {
        where: { id, disabledAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!user) return null;
      user.claims = change(user);
      return transaction.save(user);
    });
  }
}
