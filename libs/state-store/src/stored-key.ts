import { createHash } from 'node:crypto';

const LONGEST_PLAIN_KEY = 200;
const PLAIN_KEY = /^[\x20-\x7E]*$/;
const DIGEST_PREFIX = 'sha256:';

/** A digest that fits any index and holds nothing a person typed. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/**
 * The key as the table holds it: readable when short and plain, a digest otherwise, because keys may hold what a
 * stranger sent and an index takes neither a NUL nor more than 2.7 kB.
 */
export function storedKey(key: string): string {
  const plain = key.length <= LONGEST_PLAIN_KEY && PLAIN_KEY.test(key) && !key.startsWith(DIGEST_PREFIX);
  return plain ? key : DIGEST_PREFIX + digestOf(key);
}
