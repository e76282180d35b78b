// @ts-check
// Renames the product: <name>.
import { prepare, root, step } from './prepare.mjs';

prepare('libs/app-registry');
const { rename } = await import('./generators/rename.mjs');
process.exitCode = await rename(root, process.argv.slice(2), step);
