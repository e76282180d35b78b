import { hash, verify } from '@node-rs/argon2';

// OWASP's second recommendation for argon2id (the library's default variant): 19 MiB, two passes, one lane.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let decoy: Promise<string> | undefined;

/** Hashes a password for storage (argon2id). */
export const hashPassword = (password: string): Promise<string> => hash(password, PARAMETERS);

/**
 * Whether a password belongs to a hash. Without a hash the work is done all the same, so that the time does not tell
 * whether an account exists.
 */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  decoy ??= hashPassword('decoy');
  const matches = await verify(passwordHash ?? (await decoy), password);
  return matches && passwordHash !== undefined;
}
