import { freePort } from '../ports/free-port.js';
import { type Stack, type StackOptions, startStack } from './stack.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

/** Starts a stack for tests on free ports. Stopping it deletes its data. */
export async function startTemporaryStack(options: Omit<StackOptions, 'directory' | 'ports'> = {}): Promise<Stack> {
  const [provider, backend, frontend] = await Promise.all([freePort(), freePort(), freePort()]);
  const directory = await makeTemporaryDirectory();
  try {
    const stack = await startStack({ durable: false, ...options, directory, ports: { provider, backend, frontend } });
    const stop = stack.stop.bind(stack);
    return Object.assign(stack, { stop: () => stop().finally(() => removeTemporaryDirectory(directory)) });
  } catch (error) {
    removeTemporaryDirectory(directory);
    throw error;
  }
}
