// @ts-check
// Generates a part of the workspace: <kind> <name> [--uses <apps>] [--dry-run].
import { prepare, root, step } from './prepare.mjs';

// The packages that the generators need may be missing.
if (!process.argv.includes('--dry-run')) prepare('libs/app-registry');
const { generate } = await import('./generators/generate.mjs');
process.exitCode = await generate(root, process.argv.slice(2), step);
