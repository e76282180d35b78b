// @ts-check
// Measures the speed beside a peer and beside bare routes: [--case NAME] [--quick] [--profile CASE].
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root } from './prepare.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

endWithParent();
prepare();
/** @type {{ bench(args: string[]): Promise<void> }} */
const { bench } = await import(pathToFileURL(join(root, 'bench', 'dist', 'main.js')).href);
await bench(process.argv.slice(2));
