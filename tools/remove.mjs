// @ts-check
// Removes a generated part of the workspace: <name> [--force] [--dry-run].
import { prepare, root, step } from './prepare.mjs';

if (!process.argv.includes('--dry-run')) prepare('libs/app-registry');
const { remove } = await import('./generators/remove.mjs');
process.exitCode = await remove(root, process.argv.slice(2), step);
