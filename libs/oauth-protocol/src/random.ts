import { randomBytes } from 'node:crypto';

/** A new secret of 32 random bytes, base64url (43 characters, 256 bits of entropy). */
export const randomSecret = (): string => randomBytes(32).toString('base64url');
