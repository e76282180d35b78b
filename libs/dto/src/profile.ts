import { z } from 'zod';
import { Account } from './account.js';

/** A user's profile: the account from the provider and the number of contacts in the backend. */
export const Profile = z.object({ account: Account, contactCount: z.number().int().min(0) });
export type Profile = z.infer<typeof Profile>;
