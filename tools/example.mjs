// @ts-check
// Runs an example: <name> [arguments of the example].
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const name = process.argv[2];
const script = join(root, 'examples', name ?? '', 'dist', 'main.js');
if (!name || !existsSync(script)) {
  console.error(
    name
      ? `There is no example with the name ${name}. See the folder examples.`
      : 'Name an example of the folder examples.',
  );
  process.exit(1);
}
// The example gets only its own arguments.
process.argv.splice(1, 2, script);
await import(pathToFileURL(script).href);
