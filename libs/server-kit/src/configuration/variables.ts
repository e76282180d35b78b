import { parseRedisUrl } from '@trefoil/state-store';
import { z } from 'zod';
import type { SecretKeys } from '../encryption/encryption-at-rest.js';

/** Describes a port, 1 to 65535. */
export const port = () =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 to 65535')
    .max(65535, 'must be 1 to 65535');

const identifiers = z.registry<{ isIdentifier: true }>();

/**
 * Describes a text that may look like a URL, and to which the server sends nothing: an audience, the name of a claim. Only these
 * variables may contain URLs of plain HTTP in production.
 */
export const identifier = () => z.string().register(identifiers, { isIdentifier: true });

/** Returns whether a variable is described by {@link identifier}, also when it is optional. */
export function isIdentifier(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isIdentifier(schema.unwrap());
  return identifiers.get(schema) !== undefined;
}

/**
 * Describes the URL of a server without query, fragment or trailing slash, such as an issuer or a resource identifier. The
 * configuration of a server refuses plain HTTP, see `transportPolicy`.
 */
export const baseUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => !/[?#]|\/$/.test(url), 'must have no query, no fragment and no slash at the end');

/** Describes a list of origins of plain HTTP, separated by commas. */
export const plainHttpOrigins = () =>
  names().refine(
    (origins) =>
      origins.every((origin) => /^http:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin),
    'must be origins such as http://backend:3002, separated by commas, without a path and without port 80',
  );

/** Describes the URL of a listener that asks for client certificates. */
export const mtlsUrl = () =>
  baseUrl().refine((url) => url.startsWith('https:'), 'must be an https URL, because only TLS has client certificates');

/** Describes an issuer identifier (RFC 8414 §2). It may have a path, and a slash at the end: it is compared as a text. */
export const issuerUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => !/[?#]/.test(url), 'must have no query and no fragment');

/** Describes the URL of a PostgreSQL database. */
export const databaseUrl = () => z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' });

/** Describes the URL of a Redis server, a cluster or sentinels. */
export const redisUrl = () =>
  z.string().superRefine((url, context) => {
    try {
      parseRedisUrl(url);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'must be a redis:// URL');
    }
  });

/** Describes a key of 32 random bytes, base64url. */
export const secretKey = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}=?$/, 'must be 32 random bytes, base64url (43 characters)')
    .transform((text) => Buffer.from(text, 'base64url'));

const SECRET_KEYS = /^[A-Za-z0-9_-]{43}=?([\s,]+[A-Za-z0-9_-]{43}=?)*$/;

/** Describes keys of 32 random bytes, base64url, separated by commas or white space. The first one makes new values. */
export const secretKeys = () =>
  z
    .string()
    .regex(SECRET_KEYS, 'must be 32 random bytes, base64url (43 characters), or several of these separated by commas')
    .transform((text, context): SecretKeys => {
      const [first, ...others] = text.split(/[\s,]+/).map((key) => Buffer.from(key, 'base64url'));
      if (first) return [first, ...others];
      context.addIssue('must be a key');
      return z.NEVER;
    });

/** Describes a list of names separated by commas. */
export const names = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );

/** Describes a number of things that is at least 1. */
export const count = () =>
  z.coerce.number('must be a number').int('must be a whole number').positive('must be at least 1');

/** Describes a duration in whole seconds. */
export const seconds = () =>
  z.coerce.number('must be a number of seconds').int('must be a whole number of seconds').positive();
