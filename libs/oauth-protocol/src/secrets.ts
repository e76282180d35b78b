import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns a new secret of 32 random bytes in base64url: 43 characters with 256 bits of entropy. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Returns the SHA-256 hash of a text or of bytes. Use it to store random secrets, never passwords that a person chose.
 */
export const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();

/** Returns whether two values are equal. The time that it takes does not depend on where they differ. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
