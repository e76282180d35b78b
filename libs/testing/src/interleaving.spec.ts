import { setTimeout as wait } from 'node:timers/promises';
import { Interleaving } from './interleaving.js';

/** Returns a counter that reads, waits and then writes. When two calls overlap, one increment is lost. */
function counter() {
  let count = 0;
  const add = async () => {
    const read = await Interleaving.step('reads', async () => count);
    await Interleaving.step('writes', async () => void (count = read + 1));
  };
  return { add, count: () => count };
}

async function countTo(picks: number[]): Promise<{ count: number; trace: string[] }> {
  const { add, count } = counter();
  const run = new Interleaving(picks);
  const work = ['a', 'b'].map((task) => run.start(task, add));
  await run.toEnd();
  await Promise.all(work);
  return { count: count(), trace: run.trace };
}

describe('Interleaving', () => {
  it('runs the steps in the picked order', async () => {
    expect(await countTo([0, 1, 1, 0, 0])).toEqual({
      count: 2,
      trace: ['a: begins', 'a: reads', 'a: writes', 'b: begins', 'b: reads', 'b: writes'],
    });
    expect((await countTo([0, 0, 0, 0])).count).toBe(1);
  });

  it('runs the step that has waited longest when there is no pick', async () => {
    expect((await countTo([])).trace).toEqual([
      'a: begins',
      'b: begins',
      'a: reads',
      'b: reads',
      'a: writes',
      'b: writes',
    ]);
  });

  it('does not delay code that runs outside an interleaving', async () => {
    const { add, count } = counter();
    await add();
    expect(count()).toBe(1);
  });

  it('waits until a slow step has ended', async () => {
    const run = new Interleaving([]);
    const slow = run.start('slow', () => Interleaving.step('waits', () => wait(5, 'done')));
    await run.toEnd();
    expect(await slow).toBe('done');
  });

  it('waits for the work of another interleaving', async () => {
    const [first, second] = [new Interleaving([]), new Interleaving([])];
    const filling = first.start('fills', () => Interleaving.step('reads', async () => 'cached'));
    const both = Promise.all([filling, second.start('uses', () => filling)]);
    await Promise.all([second.toEnd(), first.toEnd()]);
    expect(await both).toEqual(['cached', 'cached']);
  });
});
