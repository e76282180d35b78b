// @ts-check
// Writes the Kubernetes manifests of all apps from apps/*/app.json, or checks them: [--check].
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfRemovedApps, staleManifests } from './kubernetes/files.mjs';
import { prepare, root } from './prepare.mjs';

prepare('libs/app-registry');
/** @type {typeof import('../libs/app-registry/src/index.js')} */
const registry = await import(new URL('../libs/app-registry/dist/index.js', import.meta.url).href);
const stale = staleManifests(registry, root, (file) => {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
});
const removed = filesOfRemovedApps(registry, root);
if (process.argv.includes('--check')) {
  for (const file of [...stale.keys(), ...removed]) console.error(`${file} is out of date: run npm run kubernetes`);
  if (stale.size + removed.length > 0) process.exitCode = 1;
} else {
  for (const file of removed) {
    rmSync(join(root, file));
    console.log(`Deleted ${file}`);
  }
  for (const [file, text] of stale) {
    writeFileSync(join(root, file), text);
    console.log(`Wrote ${file}`);
  }
}
