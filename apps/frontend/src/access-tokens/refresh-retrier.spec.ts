import { DependencyUnavailableError } from '@trefoil/server-kit';
import { RefreshRetries } from './refresh-retrier.js';

describe('a server that stops', () => {
  it('waits for the refresh that is repeated, whose answer has still to be written down, and begins no other', async () => {
    const retries = new RefreshRetries();
    const order: string[] = [];
    let answer = () => {};
    await new Promise<void>((begun) =>
      retries.begin('session', async () => {
        order.push('begins');
        begun();
        await new Promise<void>((resolve) => (answer = resolve));
        order.push('ends');
        throw new DependencyUnavailableError('authorization server');
      }),
    );
    const stopped = retries.beforeApplicationShutdown().then(() => order.push('stopped'));
    // Whatever does not wait for the answer has had its turn.
    await new Promise(setImmediate);
    answer();
    await stopped;
    expect(order).toEqual(['begins', 'ends', 'stopped']);
  });

  it('waits for no refresh that has not begun', async () => {
    const retries = new RefreshRetries();
    let attempts = 0;
    retries.begin('session', async () => void attempts++);
    await retries.beforeApplicationShutdown();
    retries.begin('another session', async () => void attempts++);
    await retries.beforeApplicationShutdown();
    expect(attempts).toBe(0);
  });
});
