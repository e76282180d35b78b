// @ts-check
import { endWithParent } from '../end-with-parent.mjs';
import { loadLocalStack } from './local-stack.mjs';

/** @type {(() => Promise<void>)[]} */
const endings = [];

/** Registers a function to run when the test run ends, also by Ctrl-C or `kill`, when Jest does not run its teardown. */
export function atEnd(/** @type {() => Promise<void>} */ end) {
  if (endings.length === 0) {
    endWithParent();
    for (const [signal, code] of /** @type {const} */ ([
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ])) {
      process.once(signal, () => void runEndings().finally(() => process.exit(code)));
    }
  }
  endings.push(end);
}

/** Runs the functions of {@link atEnd} once, the latest first, and then stops the processes that tests left. */
export async function runEndings() {
  for (let end = endings.pop(); end; end = endings.pop()) await end();
  const { removeOwnTemporaryDirectories } = await loadLocalStack();
  await removeOwnTemporaryDirectories();
}
