// @ts-check
import { atEnd } from './ending.mjs';
import { build, loadLocalStack } from './local-stack.mjs';

/** Starts the compiled servers once for all end-to-end tests, and sets their URLs in `STACK`. */
export default async function startStackForTests() {
  try {
    const { startTemporaryStack, workspaceApps } = await loadLocalStack();
    build(...workspaceApps().apps.map(({ name }) => `apps/${name}`), 'libs/doctor', 'examples/gateway');
    const stack = await startTemporaryStack({
      // All tests come from one address.
      environment: { provider: { CLIENT_FAILURES_PER_ADDRESS: '10000' } },
    });
    atEnd(() => stack.stop());
    process.env.STACK = JSON.stringify({ urls: stack.urls, databaseUrls: stack.databaseUrls });
  } catch (error) {
    // The tests that need the stack fail with this message. The other tests can still run.
    process.env.STACK_FAILURE = error instanceof Error ? error.message : String(error);
  }
}
