import { z } from 'zod';

const DATE = /^(?<year>\d{4})(-(?<month>\d{2})-(?<day>\d{2}))?$/;
const UNFIT = 'must be valid UTF-8 without control characters';

/** Returns whether a text has no control characters, no lone surrogates and no U+FFFD, by which decoders replace invalid UTF-8. */
const isPlain = (value: string): boolean => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(value);

/** Text on one line, at most `max` characters. */
const line = (max: number) => z.string().max(max).refine(isPlain, UNFIT);

/** Text that may have line breaks, at most `max` characters. */
const lines = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => isPlain(value.replaceAll(/[\r\n]/g, '')), UNFIT);

const text = line(200).trim().min(1);

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2000)
  .refine(isPlain, UNFIT);

function isDate(value: string): boolean {
  const { year, month = '01', day = '01' } = DATE.exec(value)?.groups ?? {};
  if (year === undefined) return false;
  // The year 0000 means that the year is omitted (OpenID Connect Core §5.1). A leap year allows every day of the year.
  const date = new Date(`${year === '0000' ? '2000' : year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === `${month}-${day}`;
}

/** The members of a postal address (OpenID Connect Core §5.1.1). */
const addressMembers = {
  formatted: lines(500),
  street_address: lines(200),
  locality: line(200),
  region: line(200),
  postal_code: line(50),
  country: line(100),
};

/** A postal address (OpenID Connect Core §5.1.1). */
export const Address = z.object(addressMembers).partial();
export type Address = z.infer<typeof Address>;

/** The standard claims that users may change, without the address (OpenID Connect Core §5.1). */
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
  birthdate: z.string().refine(isDate, 'must be a date, YYYY-MM-DD or YYYY'),
  zoneinfo: text,
  locale: z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en-US'),
  phone_number: z.string().regex(/^\+[0-9 ().;=a-z-]{3,40}$/, 'must be an E.164 number such as +1 (425) 555-1212'),
};

/** A user's account as the user sees it: the standard claims (OpenID Connect Core §5.1). */
export const Account = z.object({
  sub: z.string(),
  email: z.email(),
  email_verified: z.boolean(),
  phone_number_verified: z.boolean().optional(),
  /** When the account last changed, in seconds since 1970. */
  updated_at: z.number().int(),
  ...z.object(editableClaims).partial().shape,
  address: Address.optional(),
});
export type Account = z.infer<typeof Account>;

/** Creates the schema of a merge patch: an absent member is left unchanged, null removes it, an unknown member is an error. */
const patchOf = <S extends Record<string, z.ZodType>>(shape: S) =>
  z.strictObject(
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullish()])) as {
      [K in keyof S]: z.ZodOptional<z.ZodNullable<S[K]>>;
    },
  );

/** A change of an account as a merge patch (RFC 7396): members are set, `null` removes one, absent members stay unchanged. */
export const AccountPatch = patchOf({ ...editableClaims, address: patchOf(addressMembers) });
export type AccountPatch = z.infer<typeof AccountPatch>;

/** A user as the provider's directory shows it to machine clients. */
export const DirectoryEntry = z.object({ sub: z.string(), name: z.string(), email: z.email() });
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;
