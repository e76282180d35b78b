import { AccountPatch } from '@trefoil/dto';
import { z } from 'zod';

const email = z.string().trim().toLowerCase().pipe(z.email('must be an e-mail address').max(200));

/**
 * A change of a user by an administrator, as a merge patch (RFC 7396). A changed e-mail address or telephone number is
 * verified as the patch says; without a word about it, an e-mail address is, and a telephone number is not.
 */
export const UserPatch = AccountPatch.extend({
  email: email.optional(),
  email_verified: z.boolean().optional(),
  phone_number_verified: z.boolean().nullish(),
  administrator: z.boolean().optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

/** A password that an administrator sets. Without it a password is generated. `checkPassword` checks its length. */
export const PasswordInput = z.strictObject({ password: z.string().max(1000).optional() });
export type PasswordInput = z.infer<typeof PasswordInput>;

/** A user to register. `sub` keeps the id that the user had in another system; without it the user gets a new one. */
export const UserInput = UserPatch.extend({
  ...PasswordInput.shape,
  sub: z.uuid('must be a UUID').toLowerCase().optional(),
  email,
});
export type UserInput = z.infer<typeof UserInput>;
