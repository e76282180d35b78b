import { fileURLToPath } from 'node:url';

/** The folder that holds `apps` and `libs`, without a trailing slash. */
export const workspace = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
