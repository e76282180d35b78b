// @ts-check
// Writes the compose files and the list of apps for shell scripts from apps/*/app.json, or checks them: [--check].
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { staleFiles } from './compose/files.mjs';
import { prepare, root } from './prepare.mjs';

prepare('libs/app-registry');
/** @type {typeof import('../libs/app-registry/src/index.js')} */
const registry = await import(new URL('../libs/app-registry/dist/index.js', import.meta.url).href);
const stale = staleFiles(registry, root, (file) => {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
});
if (process.argv.includes('--check')) {
  for (const file of stale.keys()) console.error(`${file} is out of date: run npm run compose`);
  if (stale.size > 0) process.exitCode = 1;
} else {
  for (const [file, text] of stale) {
    writeFileSync(join(root, file), text);
    console.log(`Wrote ${file}`);
  }
}
