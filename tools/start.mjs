// @ts-check
// Runs PostgreSQL and the servers: [--https] [--reset] [--only <app>,<app>].
import { endWithParent } from './end-with-parent.mjs';
import { prepare } from './prepare.mjs';

endWithParent();
prepare();
await import(new URL('../libs/local-stack/dist/main.js', import.meta.url).href);
