import { DataSource } from 'typeorm';
import { z } from 'zod';
import { User } from '../../users/user.entity.js';
import { notFound } from '../exit-code.js';
import type { Installation } from '../installation.js';

const Id = z.uuid();

/**
 * The user whom an e-mail address or an id names, disabled or not.
 *
 * @throws CommandError when there is none.
 */
export async function findUser({ get }: Installation, name: string): Promise<User> {
  const which = Id.safeParse(name).success ? { id: name } : { email: name.trim().toLowerCase() };
  const user = await get(DataSource).manager.findOneBy(User, which);
  if (!user) throw notFound(`There is no user ${JSON.stringify(name)}: trefoil user list shows all.`);
  return user;
}
