import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

interface WaitingStep {
  readonly name: string;
  readonly run: () => void;
}

const context = new AsyncLocalStorage<{ readonly interleaving: Interleaving; readonly task: string }>();

/**
 * Runs several asynchronous tasks concurrently, one step at a time, in an order that the test chooses.
 *
 * The test wraps every operation for which a task waits, such as a query or a request, in an {@link Interleaving.step}.
 * The code between two steps runs without interruption. Then the next of the waiting steps is picked. The same picks
 * always give the same run.
 *
 * ```ts
 * const run = new Interleaving([2, 0, 1]);
 * const tabs = [1, 2, 3].map((tab) => run.start(`tab ${tab}`, () => refresh()));
 * await run.toEnd();
 * ```
 */
export class Interleaving {
  /** The names of the steps in the order in which they ran, for the report of a failed run. */
  readonly trace: string[] = [];
  private readonly waiting: WaitingStep[] = [];
  private runningSteps = 0;
  private unfinishedTasks = 0;
  private onStepsEnded: () => void = () => undefined;
  private onProgress: () => void = () => undefined;

  /**
   * @param picks for each step, the index of the waiting step that runs next, modulo the number of waiting steps. After
   *   the last pick, the step that has waited longest runs next.
   */
  constructor(private readonly picks: readonly number[]) {}

  /** Runs an operation as a step of the interleaving of the caller. Outside an interleaving, it runs at once. */
  static async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { interleaving, task } = context.getStore() ?? {};
    await interleaving?.turnOf(`${task}: ${name}`);
    return Interleaving.within(work);
  }

  /** Runs an asynchronous operation as part of the current step: no other step starts before it ends. */
  static async within<T>(work: () => Promise<T>): Promise<T> {
    const { interleaving } = context.getStore() ?? {};
    if (!interleaving) return work();
    interleaving.runningSteps += 1;
    try {
      return await work();
    } finally {
      interleaving.runningSteps -= 1;
      if (interleaving.runningSteps === 0) interleaving.onStepsEnded();
    }
  }

  /** Starts a task. Its beginning is a step as well, so the task runs no code before {@link toEnd} picks it. */
  start<T>(task: string, work: () => Promise<T>): Promise<T> {
    this.unfinishedTasks += 1;
    return context.run({ interleaving: this, task }, async () => {
      try {
        await this.turnOf(`${task}: begins`);
        return await work();
      } finally {
        this.unfinishedTasks -= 1;
        this.onProgress();
      }
    });
  }

  /** Runs the waiting steps until all started tasks have ended. */
  async toEnd(): Promise<void> {
    for (let count = 0; ;) {
      await this.untilAllWait();
      const [next] = this.waiting.splice((this.picks[count] ?? 0) % Math.max(1, this.waiting.length), 1);
      if (next) {
        count += 1;
        this.trace.push(next.name);
        next.run();
      } else if (this.unfinishedTasks > 0) {
        // The tasks wait for another interleaving, for example until it fills a cache that both read.
        await new Promise<void>((resolve) => (this.onProgress = resolve));
      } else return;
    }
  }

  private turnOf(name: string): Promise<void> {
    return new Promise((run) => {
      this.waiting.push({ name, run });
      this.onProgress();
    });
  }

  /** Waits until the current step has ended and every task waits for its next step. */
  private async untilAllWait(): Promise<void> {
    for (;;) {
      await nextTurn();
      if (this.runningSteps === 0) return;
      await new Promise<void>((resolve) => (this.onStepsEnded = resolve));
    }
  }
}
