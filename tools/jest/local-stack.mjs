// @ts-check
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {typeof import('../../libs/local-stack/src/index.js')} LocalStack
 * @type {Promise<LocalStack> | undefined}
 */
let localStack;

/** Returns the compiled local stack. Jest loads its global setup without the transform that tests get. */
export function loadLocalStack() {
  localStack ??= load();
  return localStack;
}

/**
 * Compiles packages and their dependencies if they have changed. Type errors are printed, and the tests run anyway on the output
 * of the compiler.
 *
 * @param {string[]} packages
 */
export function build(...packages) {
  const tsc = ['node_modules/typescript/bin/tsc', '-b', ...packages];
  spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' });
}

/** @returns {Promise<LocalStack>} */
async function load() {
  build('libs/local-stack');
  const built = await import(new URL('../../libs/local-stack/dist/index.js', import.meta.url).href);
  // Everything that the workers start belongs to the run. `npm test` is its owner when it started this process.
  process.env.TEST_RUN_OWNER ??= JSON.stringify(built.thisProcess());
  return built;
}
