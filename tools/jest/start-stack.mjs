// @ts-check
import { atEnd } from './ending.mjs';
import { build, loadLocalStack } from './local-stack.mjs';
import { addWebClient, USER_CLIENTS } from './web-client.mjs';

/**
 * Starts the compiled servers once for all end-to-end tests, and sets their URLs in `STACK`. A `STACK` that is set already names
 * servers that run elsewhere, which the tests use.
 */
export default async function startStackForTests() {
  if (process.env.STACK) return;
  try {
    const { startTemporaryStack, workspaceApps } = await loadLocalStack();
    build(...workspaceApps().apps.map(({ name }) => `apps/${name}`), 'libs/doctor', 'examples/gateway');
    const stack = await startTemporaryStack({
      // All tests come from one address.
      environment: {
        provider: { CLIENT_FAILURES_PER_ADDRESS: '10000' },
        backend: { USER_CLIENTS: USER_CLIENTS.join() },
      },
    });
    atEnd(() => stack.stop());
    const { urls, mtlsUrls, databaseUrls, pki } = stack;
    process.env.STACK = JSON.stringify({ urls, mtlsUrls, databaseUrls, pki, webClient: addWebClient(stack) });
  } catch (error) {
    // The tests that need the stack fail with this message. The other tests can still run.
    process.env.STACK_FAILURE = error instanceof Error ? error.message : String(error);
  }
}
