import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import { counter } from '../observability/metrics.js';
import type { HousekeepingTask } from './housekeeping-task.js';
import { describeError } from '../observability/serialize-error.js';

/** Lets replicas agree on which of them runs a round. A `StateStore` does so. */
export interface RoundClaims {
  setIfAbsent(key: string, value: unknown, ttlSeconds: number): Promise<boolean>;
}

/** The size and frequency of the work. */
export interface HousekeepingPace {
  /** The time from the start of one round to the next, in seconds. */
  readonly period: number;
  /** The number of rows that one statement looks at. */
  readonly batch: number;
  /** The pause between two statements in milliseconds, in which requests use the database. */
  readonly rest: number;
}

const DEFAULT_PACE: HousekeepingPace = { period: 60, batch: 1000, rest: 20 };

const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['task'], registers: [] });

/**
 * Deletes rows that are no longer needed: once a minute, on one replica at a time, task by task in the order of the list.
 *
 * A replica claims a round. The claim expires shortly before the next round may begin, and the round takes less time than that.
 * So two rounds never overlap, and a replica that is killed leaves nothing behind. A task that fails is logged and tried again in
 * the next round; the other tasks run anyway.
 */
export class Housekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly removed = counter('housekeeping_removed_total', 'Rows that housekeeping deleted', ['task']);
  readonly failures = counter('housekeeping_failures_total', 'Failed runs of a housekeeping task', ['task']);
  readonly lastDone = gauge(
    'housekeeping_last_done_seconds',
    'When a task was last completed on this replica, in seconds since 1970',
  );
  readonly duration = gauge('housekeeping_duration_seconds', 'How long the last run of a task on this replica took');

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
    this.pace = { ...DEFAULT_PACE, ...pace };
  }

  /** Returns the metrics, for the `metrics` of a server. */
  get metrics() {
    return [this.removed, this.failures, this.lastDone, this.duration];
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.round().catch((error: unknown) =>
        this.logger.warn(`Housekeeping could not run: ${describeError(error)}`),
      );
    }, this.pace.period * 1000).unref();
  }

  /** Waits for the running statement, while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.running;
  }

  /** Runs every task, unless a replica has done so in this period. Returns whether it ran them. */
  async round(): Promise<boolean> {
    const { period } = this.pace;
    const isMine = await this.claims.setIfAbsent('housekeeping', new Date().toISOString(), period * 0.9);
    if (!isMine) return false;
    const deadline = performance.now() + period * 1000 * 0.75;
    for (const [index, task] of this.tasks.entries()) {
      // Each task gets an equal share of the remaining time, so that many rows of one kind do not delay the other tasks.
      const share = (deadline - performance.now()) / (this.tasks.length - index);
      await this.run(task, performance.now() + share);
    }
    return true;
  }

  private async run(task: HousekeepingTask, deadline: number): Promise<void> {
    const { signal } = this.stopping;
    const startedAt = performance.now();
    try {
      let isLast = false;
      while (!isLast && !signal.aborted && performance.now() < deadline) {
        const batch = await task.removeBatch(this.pace.batch);
        this.removed.inc({ task: task.name }, batch.removed);
        isLast = batch.isLast;
        if (!isLast) await wait(this.pace.rest, undefined, { signal }).catch(() => undefined);
      }
      // A task that ran out of time is not complete, and the metric must not say that it is.
      if (isLast) this.lastDone.set({ task: task.name }, Date.now() / 1000);
    } catch (error) {
      this.failures.inc({ task: task.name });
      this.logger.warn(
        `The housekeeping task ${task.name} failed and runs again in the next round: ${describeError(error)}`,
      );
    }
    this.duration.set({ task: task.name }, (performance.now() - startedAt) / 1000);
  }
}
