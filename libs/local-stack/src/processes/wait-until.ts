import { setTimeout as delay } from 'node:timers/promises';

/** Polls until `condition` holds. Returns false if it does not hold within `timeout` milliseconds. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { timeout, every = 25 }: { timeout: number; every?: number },
): Promise<boolean> {
  const deadline = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(every);
  }
  return true;
}
