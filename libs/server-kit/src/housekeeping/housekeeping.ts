import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import { counter } from '../observation/counter.js';
import type { HousekeepingTask } from './housekeeping-task.js';
import { describeError } from '../observation/serialize-error.js';

/** Where replicas agree on who does a round: the `setIfAbsent` of a `StateStore`. */
export interface RoundClaims {
  setIfAbsent(key: string, value: unknown, ttlSeconds: number): Promise<boolean>;
}

/** How much is done at once, and how often. */
export interface HousekeepingPace {
  /** From one round to the next, in seconds. */
  readonly period: number;
  /** How many rows one statement looks at. */
  readonly batch: number;
  /** From one statement to the next, in milliseconds, so that others get their turn. */
  readonly rest: number;
}

const USUAL_PACE: HousekeepingPace = { period: 60, batch: 1000, rest: 20 };

const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['task'], registers: [] });

/**
 * Removes rows that have had their time, task by task in the order of the list, once a minute and by one replica at a time.
 *
 * Whoever claims a round has it until shortly before the next may begin, and uses less than that: so two rounds never
 * overlap, and of a replica that was killed nothing has to be cleared up. A task that fails is told of and tried again in
 * the next round; the others are done all the same.
 */
export class Housekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly removed = counter('housekeeping_removed_total', 'Rows that housekeeping removed', ['task']);
  readonly failures = counter('housekeeping_failures_total', 'Times that a task of housekeeping failed', ['task']);
  readonly lastDone = gauge('housekeeping_last_done_seconds', 'When a task was last done here, in seconds since 1970');
  readonly duration = gauge('housekeeping_duration_seconds', 'How long a task took when it was last done here');

  private readonly logger = new Logger(Housekeeping.name);
  private readonly stopping = new AbortController();
  private readonly pace: HousekeepingPace;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly claims: RoundClaims,
    private readonly tasks: readonly HousekeepingTask[],
    pace: Partial<HousekeepingPace> = {},
  ) {
    this.pace = { ...USUAL_PACE, ...pace };
  }

  /** For the `metrics` of a server. */
  get metrics() {
    return [this.removed, this.failures, this.lastDone, this.duration];
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.round().catch((error: unknown) =>
        this.logger.warn(`No housekeeping: ${describeError(error)}`),
      );
    }, this.pace.period * 1000).unref();
  }

  /** Waits for the statement that is running; the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.running;
  }

  /** Does every task, unless a replica has done so in this period; tells whether it did. */
  async round(): Promise<boolean> {
    const { period } = this.pace;
    const isMine = await this.claims.setIfAbsent('housekeeping', new Date().toISOString(), period * 0.9);
    if (!isMine) return false;
    const deadline = performance.now() + period * 1000 * 0.75;
    for (const [index, task] of this.tasks.entries()) {
      // What one task leaves of its time is for those after it; a flood of one kind of row holds up no other.
      const share = (deadline - performance.now()) / (this.tasks.length - index);
      await this.do(task, performance.now() + share);
    }
    return true;
  }

  private async do(task: HousekeepingTask, deadline: number): Promise<void> {
    const { signal } = this.stopping;
    const startedAt = performance.now();
    try {
      let isLast = false;
      while (!isLast && !signal.aborted && performance.now() < deadline) {
        const step = await task.removeSome(this.pace.batch);
        this.removed.inc({ task: task.name }, step.removed);
        isLast = step.isLast;
        if (!isLast) await wait(this.pace.rest, undefined, { signal }).catch(() => undefined);
      }
      // One that has more to do than time for it is not done, and who watches has to learn that.
      if (isLast) this.lastDone.set({ task: task.name }, Date.now() / 1000);
    } catch (error) {
      this.failures.inc({ task: task.name });
      this.logger.warn(`${task.name} is left to the next round: ${describeError(error)}`);
    }
    this.duration.set({ task: task.name }, (performance.now() - startedAt) / 1000);
  }
}
