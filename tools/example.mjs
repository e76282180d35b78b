// @ts-check
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const name = process.argv[2];
const script = join(root, 'examples', name ?? '', 'dist', 'main.js');
if (!name || !existsSync(script)) {
  console.error(`There is no example ${name ? `named ${name}` : 'without a name'}: see the folder examples`);
  process.exit(1);
}
// The example sees its own command line.
process.argv.splice(1, 2, script);
await import(pathToFileURL(script).href);
