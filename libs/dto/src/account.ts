import { z } from 'zod';

const text = z.string().trim().min(1).max(200);
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);

/** A postal address (OpenID Connect Core §5.1.1). */
export const Address = z.object({
  formatted: z.string().max(500).optional(),
  street_address: z.string().max(200).optional(),
  locality: z.string().max(200).optional(),
  region: z.string().max(200).optional(),
  postal_code: z.string().max(50).optional(),
  country: z.string().max(100).optional(),
});
export type Address = z.infer<typeof Address>;

/** The standard claims a person may change (OpenID Connect Core §5.1). */
const editableClaims = {
  name: text,
  given_name: text,
  family_name: text,
  middle_name: text,
  nickname: text,
  preferred_username: text,
  profile: webAddress,
  picture: webAddress,
  website: webAddress,
  gender: text,
  birthdate: z.string().regex(/^(\d{4}|0000)(-\d{2}-\d{2})?$/, 'must be YYYY-MM-DD or YYYY'),
  zoneinfo: text,
  locale: z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en-US'),
  address: Address,
  phone_number: z.string().regex(/^\+[0-9 ().;=a-z-]{3,40}$/, 'must be an E.164 number such as +1 (425) 555-1212'),
};

/** A user's account as its owner sees it: the standard claims (OpenID Connect Core §5.1). */
export const Account = z.object({
  sub: z.string(),
  email: z.email(),
  email_verified: z.boolean(),
  phone_number_verified: z.boolean().optional(),
  /** Seconds since 1970. */
  updated_at: z.number().int(),
  ...z.object(editableClaims).partial().shape,
});
export type Account = z.infer<typeof Account>;

/** A change of an account: what is named is set, `null` removes it, what is absent stays (RFC 7396). */
export const AccountPatch = z.strictObject(
  Object.fromEntries(Object.entries(editableClaims).map(([name, schema]) => [name, schema.nullish()])) as {
    [K in keyof typeof editableClaims]: z.ZodOptional<z.ZodNullable<(typeof editableClaims)[K]>>;
  },
);
export type AccountPatch = z.infer<typeof AccountPatch>;

/** What the directory tells a server about a user. */
export const DirectoryEntry = z.object({ sub: z.string(), name: z.string(), email: z.email() });
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;
