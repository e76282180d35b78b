// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a secret to a file. Keeps a file that exists.
 *
 * @param {string} path
 * @param {string} value
 */
export function writeSecret(path, value) {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  // The volume is mounted only where the secret is needed, by users of other ids.
  writeFileSync(path, value, { mode: 0o444 });
  process.stdout.write(`wrote ${path}\n`);
}
