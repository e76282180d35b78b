import { DataSource } from 'typeorm';
import { z } from 'zod';
import { User } from '../../users/user.entity.js';
import { notFound } from '../exit-code.js';
import type { Installation } from '../installation.js';

const Id = z.uuid();

/**
 * Finds a user by e-mail address or id, also when the user is disabled.
 *
 * @throws CommandError `not-found`.
 */
export async function findUser({ get }: Installation, name: string): Promise<User> {
  const which = Id.safeParse(name).success ? { id: name } : { email: name.trim().toLowerCase() };
  const user = await get(DataSource).manager.findOneBy(User, which);
  if (!user) throw notFound(`There is no user ${JSON.stringify(name)}. List all with: trefoil user list`);
  return user;
}
