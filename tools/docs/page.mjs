// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Loads the compiled registry of apps. @returns {Promise<typeof import('../../libs/app-registry/src/index.js')>} */
export const registry = () => import(new URL('../../libs/app-registry/dist/index.js', import.meta.url).href);

/** Returns the apps of this workspace. */
export const readApps = async () => (await registry()).readAppRegistry(root);

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Writes a generated page of the documentation. With `--check` among the arguments of the process it writes nothing and fails
 * when the page is out of date.
 *
 * @param {string} name such as `limits`
 * @param {string} text
 */
export function writePage(name, text) {
  const file = join(root, 'docs', `${name}.md`);
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  console.error(`docs/${name}.md is out of date: run npm run docs:${name}`);
  process.exitCode = 1;
}
