import { createHash } from 'node:crypto';

const KEY_ID_BYTES = 4;

/** The keys of one purpose, each 32 bytes: what is made now is made with the first, what any of them made is good. */
export type SecretKeys = readonly [first: Uint8Array, ...others: Uint8Array[]];

/** What a key is called where it must not be shown: the first bytes of its SHA-256, in hexadecimal. */
export const keyIdOf = (key: Uint8Array): string =>
  createHash('sha256').update(key).digest().toString('hex', 0, KEY_ID_BYTES);
