import { createHash } from 'node:crypto';

const LONGEST_PLAIN_KEY = 200;
const PLAIN_KEY = /^[\x20-\x7E]*$/;
const DIGEST_PREFIX = 'sha256:';

/**
 * Returns a key as the table stores it: as it is when it is short and printable ASCII, or else as a digest. Keys may contain
 * user input, and an index accepts neither a NUL nor more than 2.7 kB.
 */
export function storedKey(key: string): string {
  const plain = key.length <= LONGEST_PLAIN_KEY && PLAIN_KEY.test(key) && !key.startsWith(DIGEST_PREFIX);
  return plain ? key : DIGEST_PREFIX + digestOf(key);
}

/** Returns a digest of a key, which fits any index and reveals no user input. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/**
 * Encodes a value as JSON.
 *
 * @throws TypeError when the value is not a JSON value.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError('a state entry must be a JSON value');
  return json;
}
