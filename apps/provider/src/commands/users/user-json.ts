import type { User } from '../../users/user.entity.js';

/** Returns the JSON of a user. */
export const userJson = (user: User) => ({
  sub: user.id,
  email: user.email,
  name: user.claims.name ?? null,
  administrator: user.administrator,
  disabled_at: user.disabledAt?.toISOString() ?? null,
  created_at: user.createdAt.toISOString(),
});
