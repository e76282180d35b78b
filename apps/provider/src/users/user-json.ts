import { Account } from '@trefoil/dto';
import { z } from 'zod';
import type { User } from './user.entity.js';

/** A user as the admin API and the commands show it: the standard claims, and the state of the account. */
export const UserJson = Account.omit({ updated_at: true }).extend({
  /** The full name; null when it is not known. */
  name: z.string().nullable(),
  administrator: z.boolean(),
  disabled_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});
export type UserJson = z.infer<typeof UserJson>;

/** Returns the JSON of a user. */
export const userJson = ({
  id,
  email,
  emailVerified,
  claims,
  administrator,
  disabledAt,
  createdAt,
}: User): UserJson => ({
  ...claims,
  sub: id,
  email,
  email_verified: emailVerified,
  name: claims.name ?? null,
  administrator,
  disabled_at: disabledAt?.toISOString() ?? null,
  created_at: createdAt.toISOString(),
});
