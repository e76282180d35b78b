import { hkdfSync } from 'node:crypto';
import type { ProviderConfig } from '../config.js';
import { type ServerSecrets } from '../keys/server-secrets/server-secrets.js';

const KEY_BYTES = 32;

/**
 * The key of pairwise subjects. People are known by what it makes, so it must never change: it is taken from the oldest
 * `GRANT_KEY` once, and kept when that is replaced.
 */
export async function subjectKey(
  secrets: ServerSecrets,
  { GRANT_KEY }: Pick<ProviderConfig, 'GRANT_KEY'>,
): Promise<Uint8Array> {
  const oldest = GRANT_KEY.at(-1) ?? GRANT_KEY[0];
  const initial = new Uint8Array(hkdfSync('sha256', oldest, '', 'pairwise subject identifiers', KEY_BYTES));
  return secrets.obtain('pairwise-subjects', initial);
}
