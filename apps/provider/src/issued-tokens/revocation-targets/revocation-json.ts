import { z } from 'zod';
import { LiveCounts } from './live-counts.js';

const name = z.string().min(1).max(300);

/** What to revoke, by the one member that is given. */
export const RevocationRequest = z
  .strictObject({
    /** All sessions and grants of a user, by id or e-mail address. */
    user: name.optional(),
    /** All tokens that a client has now, by its `client_id`. */
    client: name.optional(),
    /** A sign-in session and every grant that was given in it, by its id. */
    session: name.optional(),
    /** A grant of a user to a client, by its id. */
    grant: name.optional(),
    /** An access token or refresh token, or an access token by its `jti`. */
    token: z.string().min(1).max(16_000).optional(),
  })
  .refine(
    (request) => Object.values(request).filter((value) => value !== undefined).length === 1,
    'must have exactly one of user, client, session, grant and token',
  );
export type RevocationRequest = z.infer<typeof RevocationRequest>;

/** What a revocation has ended, as the admin API and the command show it. */
export const RevocationJson = z.object({
  sub: z.string().optional(),
  email: z.string().optional(),
  client_id: z.string().optional(),
  session_id: z.string().optional(),
  grant_id: z.string().optional(),
  /** The scopes of a grant, separated by spaces. */
  scope: z.string().optional(),
  jti: z.string().optional(),
  /** The sessions and grants that ended; absent for a token. */
  ended: LiveCounts.optional(),
});
export type RevocationJson = z.infer<typeof RevocationJson>;
