import { Logger } from '@nestjs/common';
import { Housekeeping, type RoundClaims } from './housekeeping.js';
import { type HousekeepingTask, removalTask } from './housekeeping-task.js';

/** Lets the first caller take a key, until the test clears it. */
class Claims implements RoundClaims {
  readonly taken = new Map<string, number>();

  async setIfAbsent(key: string, _value: unknown, ttlSeconds: number): Promise<boolean> {
    if (this.taken.has(key)) return false;
    this.taken.set(key, ttlSeconds);
    return true;
  }
}

const AT_ONCE = { batch: 10, rest: 0 };

/** Creates a task with `count` rows to delete. `batches` has the limit of each call. */
function rows(name: string, count: number) {
  const batches: number[] = [];
  let left = count;
  const task = removalTask(name, async (limit) => {
    batches.push(limit);
    const removed = Math.min(limit, left);
    left -= removed;
    return removed;
  });
  return { task, batches, left: () => left };
}

const valueOf = async (metric: { get(): Promise<{ values: { labels: object; value: number }[] }> }, task: string) =>
  (await metric.get()).values.find(({ labels }) => 'task' in labels && labels.task === task)?.value;

beforeAll(() => Logger.overrideLogger(false));

describe('a round of housekeeping', () => {
  it('runs each task in batches until no row is left, and counts the rows', async () => {
    const [first, second] = [rows('first', 25), rows('second', 10)];
    const housekeeping = new Housekeeping(new Claims(), [first.task, second.task], AT_ONCE);
    expect(await housekeeping.round()).toBe(true);
    expect([first.batches, second.batches]).toEqual([
      [10, 10, 10],
      [10, 10],
    ]);
    expect(await valueOf(housekeeping.removed, 'first')).toBe(25);
    expect(await valueOf(housekeeping.lastDone, 'second')).toBeCloseTo(Date.now() / 1000, -1);
  });

  it('runs on one of several replicas, and its claim expires before the next period begins', async () => {
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

  it('runs the other tasks when one fails, and tries that one again in the next round', async () => {
    const claims = new Claims();
    let isBroken = true;
    const broken: HousekeepingTask = {
      name: 'broken',
      removeBatch: async () => {
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

  it('leaves time for the tasks after one that never finishes', async () => {
    const endless: HousekeepingTask = { name: 'endless', removeBatch: async () => ({ removed: 1, isLast: false }) };
    const other = rows('other', 3);
    const housekeeping = new Housekeeping(new Claims(), [endless, other.task], { ...AT_ONCE, period: 0.2 });
    await housekeeping.round();
    expect(other.left()).toBe(0);
    // The metric shows that this task did not complete.
    expect(await valueOf(housekeeping.lastDone, 'endless')).toBeUndefined();
    expect(await valueOf(housekeeping.lastDone, 'other')).toBeDefined();
  });
});

describe('a server that shuts down', () => {
  it('waits for the running batch and starts no other', async () => {
    const order: string[] = [];
    let proceed = () => {};
    const begun = new Promise<void>((resolve) => {
      const task: HousekeepingTask = {
        name: 'slow',
        removeBatch: async () => {
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
