// @ts-check
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a secret to a file. Keeps a file that exists.
 *
 * @param {string} path
 * @param {string} value
 */
export function writeSecret(path, value) {
  if (existsSync(path)) return;
  replaceSecret(path, value);
  process.stdout.write(`wrote ${path}\n`);
}

/**
 * Writes a secret to a file, or replaces the file in one step, so that no server reads half of it.
 *
 * @param {string} path
 * @param {string} value
 */
export function replaceSecret(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  // The volume is mounted only where the secret is needed, by users of other ids.
  writeFileSync(`${path}.${process.pid}`, value, { mode: 0o444 });
  renameSync(`${path}.${process.pid}`, path);
}
