import { hash, verify } from '@node-rs/argon2';

// A recommendation of OWASP for argon2id, the default variant of the library: 19 MiB, two passes, one lane.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash that is verified when an account does not exist. */
let decoy: Promise<string> | undefined;

/** Hashes a password for storage with argon2id, in NFC (NIST SP 800-63B-4 §3.1.1.2). */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), PARAMETERS);

/**
 * Returns whether a password matches a hash, in whichever Unicode normal form it was typed. Hashes that were made before
 * passwords were normalized match as well. Without a hash it verifies another one, so that the time does not reveal
 * whether an account exists.
 */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  decoy ??= hashPassword('decoy');
  const hashed = passwordHash ?? (await decoy);
  for (const form of new Set([password.normalize('NFC'), password, password.normalize('NFD')])) {
    if (await verify(hashed, form)) return passwordHash !== undefined;
  }
  return false;
}
