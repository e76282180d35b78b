import { z } from 'zod';
import { Account } from './account.js';

/** A user's profile: the account the provider keeps, joined with what the backend keeps. */
export const Profile = z.object({ account: Account, contactCount: z.number().int().min(0) });
export type Profile = z.infer<typeof Profile>;
