import { z } from 'zod';
import { Account } from './account.js';

/** A user's account as another provider may know it: without an e-mail address or the time of the last change. */
export const ProfileAccount = Account.partial({ email: true, email_verified: true, updated_at: true });
export type ProfileAccount = z.infer<typeof ProfileAccount>;

/** A user's profile: the account from the provider and the number of contacts in the backend. */
export const Profile = z.object({ account: ProfileAccount, contactCount: z.number().int().min(0) });
export type Profile = z.infer<typeof Profile>;
