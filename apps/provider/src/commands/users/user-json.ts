import type { User } from '../../users/user.entity.js';

/** A user as commands tell of them. */
export const userJson = (user: User) => ({
  sub: user.id,
  email: user.email,
  name: user.claims.name ?? null,
  administrator: user.administrator,
  disabled_at: user.disabledAt?.toISOString() ?? null,
  created_at: user.createdAt.toISOString(),
});
