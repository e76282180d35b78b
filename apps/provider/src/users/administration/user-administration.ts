import { Inject, Injectable } from '@nestjs/common';
import { randomSecret } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { noSuchObject, type Refusal, refusedState } from '../../http/refusal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { checkPassword } from '../chosen-password.js';
import { keepAnAdministrator } from '../last-administrator.js';
import { UserRegistrations } from '../user-registrations.js';
import { User } from '../user.entity.js';
import { Users } from '../users.js';
import { changedMembers, changedUser, NOBODY } from './changed-user.js';
import type { UserInput, UserPatch } from './user-input.js';

/** A user, and the password if it was generated. It can be shown only now, because only its hash is stored. */
export interface UserWithPassword {
  readonly user: User;
  readonly password?: string;
}

/** Which users a list contains: those after an e-mail address, at most so many. */
export interface UserPageRequest {
  readonly after?: string | undefined;
  /** A text that the e-mail address or the name contains, in any case. */
  readonly search?: string | undefined;
  readonly limit: number;
}

/** Finds, registers and changes users for administrators, disabled users included. */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly registrations: UserRegistrations,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'NODE_ENV'>,
  ) {}

  /**
   * Finds a user by id or e-mail address.
   *
   * @throws Refusal `not-found`
   */
  async find(name: string): Promise<User> {
    const user = await this.users.findByIdOrEmail(name.trim());
    if (!user) throw noSuchUser(name);
    return user;
  }

  /** Returns the users that follow an e-mail address, in the order of their e-mail addresses. */
  page({ after = '', search = '', limit }: UserPageRequest): Promise<User[]> {
    return this.dataSource.manager
      .createQueryBuilder(User, 'user')
      .where('user.email > :after', { after: after.trim().toLowerCase() })
      .andWhere(`strpos(lower(concat_ws(' ', user.email, user.claims ->> 'name')), lower(:search)) > 0`, { search })
      .orderBy('user.email')
      .limit(limit)
      .getMany();
  }

  /**
   * Registers a user. Generates the password when none is given.
   *
   * @throws Refusal that names the member: a weak password, or an e-mail address or id of another user.
   */
  async create({ sub, password, ...members }: UserInput, origin: RequestOrigin): Promise<UserWithPassword> {
    if (password !== undefined) checkPassword(password, this.config);
    const given = password ?? randomSecret();
    const content = { ...changedUser(NOBODY, members), id: sub, password: given };
    const user = await this.registrations.create(content, origin);
    return { user, ...(password === undefined && { password: given }) };
  }

  /**
   * Changes a user. Parallel changes run one after the other. Records the names of the changed members, but not their
   * values.
   *
   * @param check is called with the user before the change, and may throw to prevent it.
   * @throws Refusal `not-found`; `conflict` when another user has the e-mail address, or when no enabled administrator
   * would remain.
   */
  async update(
    id: string,
    patch: UserPatch,
    origin: RequestOrigin,
    check: (user: User) => void = () => undefined,
  ): Promise<User> {
    return this.dataSource.transaction(async (transaction) => {
      if (patch.administrator === false) await keepAnAdministrator(id, transaction);
      const user = await transaction.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!user) throw noSuchUser(id);
      check(user);
      const after = changedUser(user, patch);
      const fields = changedMembers(user, after).join(' ');
      const event = { outcome: 'success', userId: id, ...origin } as const;
      if (fields) await this.events.record({ type: 'account-changed', details: { fields }, ...event }, transaction);
      if (after.administrator !== user.administrator) {
        const type = after.administrator ? 'administrator-added' : 'administrator-removed';
        await this.events.record({ type, ...event }, transaction);
      }
      return transaction.save(Object.assign(user, after)).catch((cause: unknown) => {
        // The unique index decides, so that two users cannot get the same address at the same time.
        if (isUniqueViolation(cause)) throw refusedState(`A user ${after.email} already exists.`, 'email');
        throw cause;
      });
    });
  }
}

/** Returns the refusal for a user who does not exist. */
export const noSuchUser = (name: string): Refusal => noSuchObject(`There is no user ${JSON.stringify(name)}.`);
