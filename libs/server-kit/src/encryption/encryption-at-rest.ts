import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** The keys of one purpose, 32 bytes each. The first one makes new values; values that any of them made are accepted. */
export type SecretKeys = readonly [first: Uint8Array, ...others: Uint8Array[]];

const ALGORITHM = 'aes-256-gcm';
/** Marks values that contain the id of their key. Values from before keys had ids begin with their random IV. */
const MARK = Buffer.from('tfe1');
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Returns the id by which logs and stored values name a key: the first 4 bytes of its SHA-256, in hexadecimal. */
export const keyIdOf = (key: Uint8Array): string =>
  createHash('sha256').update(key).digest().toString('hex', 0, KEY_ID_BYTES);

/**
 * Encrypts bytes for storage, with AES-256-GCM and the first key. `context` names the row that they belong to, so that a
 * ciphertext copied to another row cannot be decrypted.
 *
 * @returns `tfe1` ‖ key id ‖ IV ‖ tag ‖ ciphertext
 */
export function encryptAtRest(plaintext: Uint8Array, [key]: SecretKeys, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([MARK, Buffer.from(keyIdOf(key), 'hex'), iv, cipher.getAuthTag(), ciphertext]);
}

/**
 * Decrypts a value of {@link encryptAtRest} with the key that it was encrypted with.
 *
 * @throws Error when that key is not among the keys, the context differs, or a byte was changed.
 */
export function decryptAtRest(stored: Uint8Array, keys: SecretKeys, context: string): Buffer {
  const bytes = Buffer.from(stored);
  const keyId = encryptionKeyIdOf(bytes);
  const named = keys.find((key) => keyIdOf(key) === keyId);
  if (named) return decrypt(bytes.subarray(MARK.length + KEY_ID_BYTES), named, context);
  // The value may have no key id: a random IV may begin with the same bytes as the mark.
  for (const key of keys) {
    try {
      return decrypt(bytes, key, context);
    } catch {
      // Another key may fit.
    }
  }
  throw new Error(keyId ? `none of the encryption keys is ${keyId}` : 'none of the encryption keys fits');
}

/** Returns the id of the key that a value was encrypted with, or undefined for a value from before keys had ids. */
export function encryptionKeyIdOf(stored: Uint8Array): string | undefined {
  const bytes = Buffer.from(stored);
  return bytes.subarray(0, MARK.length).equals(MARK)
    ? bytes.toString('hex', MARK.length, MARK.length + KEY_ID_BYTES)
    : undefined;
}

function decrypt(bytes: Buffer, key: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
