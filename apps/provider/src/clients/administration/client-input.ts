import { SECURITY_PROFILES, type SecurityProfileName } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import { clientMetadataMembers } from '../metadata/client-metadata.js';

const PROFILES = Object.keys(SECURITY_PROFILES) as SecurityProfileName[];

const { response_types: _, ...metadataMembers } = clientMetadataMembers;

/** The members of a client that an administrator can set: its metadata, and what no client can register for itself. */
export const adminMembers = {
  ...metadataMembers,
  /** Empty when the client may be granted no scope. */
  scope: z.string('must be a string').max(4000, 'must not be longer than 4000 characters'),
  security_profile: z.enum(PROFILES, `must be one of ${PROFILES.join(', ')}`),
  /** Says what the client does. Shown on the consent page. */
  description: z
    .string('must be a string')
    .max(500, 'must not be longer than 500 characters')
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'contains a character that is not allowed'),
  /** The resource servers for which the client may exchange the tokens that it receives (RFC 8693). */
  token_exchange_resources: z
    .array(z.string().max(2000), 'must be an array')
    .max(50, 'must not have more than 50 values'),
};

type Nullish<S> = { [K in keyof S]: S[K] extends z.ZodType ? z.ZodOptional<z.ZodNullable<S[K]>> : never };

const nullish = Object.fromEntries(
  Object.entries(adminMembers).map(([name, schema]) => [name, schema.nullish()]),
) as Nullish<typeof adminMembers>;

/** A change of a client as a merge patch (RFC 7396): members are set, `null` sets the default, absent ones stay unchanged. */
export const ClientPatch = z.strictObject(nullish);
export type ClientPatch = z.infer<typeof ClientPatch>;

/** A client to register. Its id and its secret may be those that it has in another system. */
export const ClientInput = ClientPatch.extend({
  // A URL would name a client metadata document.
  client_id: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w.-]{0,99}$/,
      'must be 1 to 100 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    )
    .optional(),
  client_secret: z.string().max(1000).optional(),
});
export type ClientInput = z.infer<typeof ClientInput>;
