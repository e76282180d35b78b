import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { keyIdOf, type SecretKeys } from './secret-keys.js';

const ALGORITHM = 'aes-256-gcm';
/** Says that the id of the key follows; what was encrypted before there were several keys begins with its random IV. */
const MARK = Buffer.from('tfe1');
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts bytes for storage with AES-256-GCM and the first of the keys. `context` names what they belong to, so that a
 * ciphertext cannot be moved to another row.
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
 * Decrypts what {@link encryptAtRest} made, with whichever of the keys it was.
 *
 * @throws Error when the key is none of them, or the context or a byte is another.
 */
export function decryptAtRest(stored: Uint8Array, keys: SecretKeys, context: string): Buffer {
  const bytes = Buffer.from(stored);
  const keyId = encryptionKeyIdOf(bytes);
  const named = keys.find((key) => keyIdOf(key) === keyId);
  if (named) return decrypt(bytes.subarray(MARK.length + KEY_ID_BYTES), named, context);
  // An IV may happen to begin like the mark, so that a key that is not known may be no key at all.
  for (const key of keys) {
    try {
      return decrypt(bytes, key, context);
    } catch {
      // The next key may be the one.
    }
  }
  throw new Error(keyId ? `none of the encryption keys is ${keyId}` : 'none of the encryption keys fits');
}

/** The id of the key that something is encrypted with; undefined when it is from before keys had ids. */
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
