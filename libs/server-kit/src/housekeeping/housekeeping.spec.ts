import { Logger } from '@nestjs/common';
import { Housekeeping, type RoundClaims } from './housekeeping.js';
import { type HousekeepingTask, removalTask } from './housekeeping-task.js';

/** Gives a key to the first who wants it, until it is given free. */
class Claims implements RoundClaims {
  readonly taken = new Map<string, number>();

  async setIfAbsent(key: string, _value: unknown, ttlSeconds: number): Promise<boolean> {
    if (this.taken.has(key)) return false;
    this.taken.set(key, ttlSeconds);
    return true;
  }
}

const AT_ONCE = { batch: 10, rest: 0 };

/** A task that has so many rows to remove; `steps` says how many it was asked for each time. */
function rows(name: string, count: number) {
  const steps: number[] = [];
  let left = count;
  const task = removalTask(name, async (limit) => {
    steps.push(limit);
    const removed = Math.min(limit, left);
    left -= removed;
    return removed;
  });
  return { task, steps, left: () => left };
}

const valueOf = async (metric: { get(): Promise<{ values: { labels: object; value: number }[] }> }, task: string) =>
  (await metric.get()).values.find(({ labels }) => 'task' in labels && labels.task === task)?.value;

beforeAll(() => Logger.overrideLogger(false));

describe('a round of housekeeping', () => {
  it('does each task in bounded steps until nothing is left, and counts', async () => {
    const [first, second] = [rows('first', 25), rows('second', 10)];
    const housekeeping = new Housekeeping(new Claims(), [first.task, second.task], AT_ONCE);
    expect(await housekeeping.round()).toBe(true);
    expect([first.steps, second.steps]).toEqual([
      [10, 10, 10],
      [10, 10],
    ]);
    expect(await valueOf(housekeeping.removed, 'first')).toBe(25);
    expect(await valueOf(housekeeping.lastDone, 'second')).toBeCloseTo(Date.now() / 1000, -1);
  });

  it('is done by one of several replicas, and can be done again before the next period begins', async () => {
    const claims = new Claims();
    const tasks = [rows('a', 5), rows('a', 5), rows('a', 5)];
    const replicas = tasks.map(({ task }) => new Housekeeping(claims, [task], { ...AT_ONCE, period: 60 }));
    const rounds = await Promise.all(replicas.map((replica) => replica.round()));
    expect(rounds.filter(Boolean)).toHaveLength(1);
    expect(tasks.map(({ left }) => left()).sort()).toEqual([0, 5, 5]);
    const [seconds = 0] = claims.taken.values();
    expect(seconds).toBeGreaterThan(45);
    expect(seconds).toBeLessThan(60);
  });

  it('goes on when a task fails, and tries that again in the next', async () => {
    const claims = new Claims();
    let isBroken = true;
    const broken: HousekeepingTask = {
      name: 'broken',
      removeSome: async () => {
        if (isBroken) throw new Error('the database is down');
        return { removed: 1, isLast: true };
      },
    };
    const other = rows('other', 3);
    const housekeeping = new Housekeeping(claims, [broken, other.task], AT_ONCE);
    await housekeeping.round();
    expect(other.left()).toBe(0);
    expect(await valueOf(housekeeping.failures, 'broken')).toBe(1);
    expect(await valueOf(housekeeping.lastDone, 'broken')).toBeUndefined();
    isBroken = false;
    claims.taken.clear();
    await housekeeping.round();
    expect(await valueOf(housekeeping.removed, 'broken')).toBe(1);
  });

  it('leaves time to the tasks after one that has no end', async () => {
    const endless: HousekeepingTask = { name: 'endless', removeSome: async () => ({ removed: 1, isLast: false }) };
    const other = rows('other', 3);
    const housekeeping = new Housekeeping(new Claims(), [endless, other.task], { ...AT_ONCE, period: 0.2 });
    await housekeeping.round();
    expect(other.left()).toBe(0);
    // Whoever watches when a task was last done learns that this one is not.
    expect(await valueOf(housekeeping.lastDone, 'endless')).toBeUndefined();
    expect(await valueOf(housekeeping.lastDone, 'other')).toBeDefined();
  });
});

describe('a server that stops', () => {
  it('waits for the step that runs, and begins no other', async () => {
    const order: string[] = [];
    let proceed = () => {};
    const begun = new Promise<void>((resolve) => {
      const task: HousekeepingTask = {
        name: 'slow',
        removeSome: async () => {
          order.push('begins');
          resolve();
          await new Promise<void>((done) => (proceed = done));
          order.push('ends');
          return { removed: 1, isLast: false };
        },
      };
      housekeeping = new Housekeeping(new Claims(), [task, rows('next', 5).task], { ...AT_ONCE, period: 0.01 });
    });
    housekeeping.onApplicationBootstrap();
    await begun;
    const stopped = housekeeping.beforeApplicationShutdown().then(() => order.push('stopped'));
    proceed();
    await stopped;
    expect(order).toEqual(['begins', 'ends', 'stopped']);
    expect(await valueOf(housekeeping.removed, 'next')).toBeUndefined();
  });

  let housekeeping: Housekeeping;
});
