// @ts-check
// Starts a temporary installation and measures how long a revoked token is still accepted: [samples, 200 by default].
import { prepare, root } from './prepare.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

prepare();
/** @type {{ measureRevocation(samples?: number): Promise<void> }} */
const { measureRevocation } = await import(
  pathToFileURL(join(root, 'e2e', 'dist', 'operations', 'measure-revocation', 'main.js')).href
);
const [samples] = process.argv.slice(2);
await measureRevocation(samples === undefined ? undefined : Number(samples));
