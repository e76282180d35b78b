import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts bytes for storage with AES-256-GCM. `context` names what they belong to, so that a ciphertext cannot be
 * moved to another row.
 *
 * @returns IV ‖ tag ‖ ciphertext
 */
export function encryptAtRest(plaintext: Uint8Array, key: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/**
 * Decrypts what {@link encryptAtRest} made.
 *
 * @throws Error when the key, the context or a byte is another.
 */
export function decryptAtRest(stored: Uint8Array, key: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(stored);
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
