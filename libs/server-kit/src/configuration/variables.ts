import { z } from 'zod';

/** A port to listen on, 1 to 65535. */
export const port = () =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 to 65535')
    .max(65535, 'must be 1 to 65535');

/** An http or https URL without query, fragment or trailing slash, such as an issuer or a resource identifier. */
export const baseUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => !/[?#]|\/$/.test(url), 'must have no query, no fragment and no slash at the end');

/** A PostgreSQL connection URL. */
export const databaseUrl = () => z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' });

/** A key of 32 random bytes, base64url. */
export const secretKey = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}=?$/, 'must be 32 random bytes, base64url (43 characters)')
    .transform((text) => Buffer.from(text, 'base64url'));

/** A list of names separated by commas. */
export const names = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );

/** A length of time in seconds. */
export const seconds = () =>
  z.coerce.number('must be a number of seconds').int('must be a whole number of seconds').positive();
