import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text or bytes; enough to store a secret that is random, never one that a person chose. */
export const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();

/** Compares two values in a time that tells neither their content nor where they differ. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
