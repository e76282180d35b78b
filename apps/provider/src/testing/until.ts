import { setTimeout as wait } from 'node:timers/promises';

/** Asks until there is an answer, and returns it; for what another part of the server does in its own time. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, seconds = 10): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`nothing came of it in ${seconds} seconds`);
    await wait(20);
  }
}
