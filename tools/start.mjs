// @ts-check
// Runs PostgreSQL and the three servers: [--reset] [--only provider,backend,frontend].
import { endWithParent } from './end-with-parent.mjs';
import { prepare } from './prepare.mjs';

endWithParent();
prepare();
await import(new URL('../libs/local-stack/dist/main.js', import.meta.url).href);
