import { SECURITY_PROFILES, type SecurityProfileName } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { InitialAccessToken } from './initial-access-token.entity.js';

/** The length from which a token that an administrator chose is accepted. A generated one has 43 characters. */
const SHORTEST_TOKEN = 20;

const PROFILES = Object.keys(SECURITY_PROFILES) as [SecurityProfileName, ...SecurityProfileName[]];
const Profile = z.enum(PROFILES);

const members = {
  /** What the token is for, or who has it. PostgreSQL can store neither U+0000 nor half of a surrogate pair. */
  description: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be a line of text'),
  /** The security profile of clients that request none. */
  default_profile: Profile,
  /** The security profiles that clients may request. */
  allowed_profiles: z.array(Profile).min(1).max(PROFILES.length),
  expires_at: z.iso.datetime({ offset: true }).nullable(),
};

/** A registration token to create. */
export const NewRegistrationToken = z.strictObject({
  /** The id of the token; a new UUID when it is absent. */
  id: z.uuid().optional(),
  /** The token itself, to take one over from another system; a new random one when it is absent. */
  token: z
    .string()
    .min(SHORTEST_TOKEN, `must have at least ${SHORTEST_TOKEN} characters`)
    .max(200)
    .regex(/^[A-Za-z0-9\-._~+/]+=*$/, 'must have only the characters of a bearer token (RFC 6750 §2.1)')
    .optional(),
  description: members.description.default(''),
  default_profile: members.default_profile.default('oauth2.1'),
  /** The default profile alone when it is absent. */
  allowed_profiles: members.allowed_profiles.optional(),
  expires_at: members.expires_at.default(null),
});
export type NewRegistrationToken = z.input<typeof NewRegistrationToken>;

/** A registration token as the admin API and the commands show it. The token itself is only its hash. */
export const RegistrationTokenJson = z.object({
  id: z.uuid(),
  ...members,
  /** When it was revoked; null when it was not. */
  revoked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});
export type RegistrationTokenJson = z.infer<typeof RegistrationTokenJson>;

/** Returns the JSON of a registration token. */
export const registrationTokenJson = (token: InitialAccessToken): RegistrationTokenJson => ({
  id: token.id,
  description: token.description,
  default_profile: token.defaultProfile,
  allowed_profiles: token.allowedProfiles,
  expires_at: token.expiresAt?.toISOString() ?? null,
  revoked_at: token.revokedAt?.toISOString() ?? null,
  created_at: token.createdAt.toISOString(),
});
