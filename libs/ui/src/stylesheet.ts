import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A static file that each server serves itself. Its path changes with its content. */
export interface Asset {
  /** `/assets/trefoil.<hash>.css`. Caches may keep it for ever. */
  path: string;
  body: string;
  contentType: string;
  /** A strong validator with its quotes (RFC 9110 §8.8.3). */
  etag: string;
}

const source = readFileSync(new URL('../assets/trefoil.css', import.meta.url), 'utf8');
// Comments and indentation are a fifth of the file, and browsers do not need them.
const body = source.replace(/\/\*.*?\*\/\s*|^\s+/gms, '');
const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);

/** The style sheet of every page. */
export const stylesheet: Readonly<Asset> = Object.freeze({
  path: `/assets/trefoil.${hash}.css`,
  body,
  contentType: 'text/css; charset=utf-8',
  etag: `"${hash}"`,
});
