import { isDeepStrictEqual } from 'node:util';
import { refusedValue } from '../../http/refusal.js';
import { changeClaims } from '../change-claims.js';
import type { User } from '../user.entity.js';
import type { UserPatch } from './user-input.js';

/** The columns of a user that an administrator can change. */
export type UserContent = Pick<User, 'email' | 'emailVerified' | 'claims' | 'administrator'>;

/** The columns of a user of whom nothing is known. */
export const NOBODY: UserContent = { email: '', emailVerified: false, claims: {}, administrator: false };

/**
 * Returns the columns of a user after a merge patch.
 *
 * @throws Refusal when a telephone number is said to be verified and there is none.
 */
export function changedUser(before: UserContent, patch: UserPatch): UserContent {
  const { email = before.email, email_verified, phone_number_verified, administrator, ...claims } = patch;
  const emailVerified = email_verified ?? (email === before.email ? before.emailVerified : true);
  return {
    email,
    emailVerified,
    claims: verifiedClaims(changeClaims(before.claims, claims), phone_number_verified),
    administrator: administrator ?? before.administrator,
  };
}

function verifiedClaims(claims: User['claims'], isVerified: UserPatch['phone_number_verified']): User['claims'] {
  if (isVerified === undefined || isVerified === null) return claims;
  if (claims.phone_number === undefined) {
    throw refusedValue('phone_number_verified', 'must not be given without a phone_number');
  }
  return { ...claims, phone_number_verified: isVerified };
}

/** Returns the names of the members that differ, as the admin API names them, without `administrator`. */
export function changedMembers(before: UserContent, after: UserContent): string[] {
  const membersOf = ({ email, emailVerified, claims }: UserContent): Partial<Record<string, unknown>> => ({
    ...claims,
    email,
    email_verified: emailVerified,
  });
  const [old, now] = [membersOf(before), membersOf(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name])).sort();
}
