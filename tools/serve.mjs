// @ts-check
// Runs one app and restarts it when its code changes: <app>.
import { endWithParent } from './end-with-parent.mjs';
import { prepare } from './prepare.mjs';

endWithParent();
// The compiler in watch mode compiles the app itself.
prepare('libs/local-stack');
const { serve } = await import(new URL('../libs/local-stack/dist/index.js', import.meta.url).href);
try {
  await serve(process.argv[2]);
  process.exit();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
