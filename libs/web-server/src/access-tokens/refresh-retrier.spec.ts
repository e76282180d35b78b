import { DependencyUnavailableError } from '@trefoil/server-kit';
import { RefreshRetrier } from './refresh-retrier.js';

describe('a server that stops', () => {
  it('waits for a retry that has started, whose tokens must still be written, and starts no other', async () => {
    const retrier = new RefreshRetrier();
    const order: string[] = [];
    let answer = () => {};
    await new Promise<void>((begun) =>
      retrier.start('session', async () => {
        order.push('begins');
        begun();
        await new Promise<void>((resolve) => (answer = resolve));
        order.push('ends');
        throw new DependencyUnavailableError('authorization server');
      }),
    );
    const stopped = retrier.beforeApplicationShutdown().then(() => order.push('stopped'));
    // A shutdown that did not wait for the answer would be over by now.
    await new Promise(setImmediate);
    answer();
    await stopped;
    expect(order).toEqual(['begins', 'ends', 'stopped']);
  });

  it('does not wait for a retry that has not started', async () => {
    const retrier = new RefreshRetrier();
    let attempts = 0;
    retrier.start('session', async () => void attempts++);
    await retrier.beforeApplicationShutdown();
    retrier.start('another session', async () => void attempts++);
    await retrier.beforeApplicationShutdown();
    expect(attempts).toBe(0);
  });
});
