import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

interface WaitingStep {
  readonly name: string;
  readonly go: () => void;
}

const context = new AsyncLocalStorage<{ readonly interleaving: Interleaving; readonly who: string }>();

/**
 * Runs several pieces of work at the same time, one step of one of them after the other, in an order that a test chose.
 *
 * Where the work would wait for a database or another server, the test puts an {@link Interleaving.step}. Whatever is
 * between two steps runs through; then the next step is picked among all that wait. The same picks give the same run.
 *
 * ```ts
 * const run = new Interleaving([2, 0, 1]);
 * const tabs = [1, 2, 3].map((tab) => run.start(`tab ${tab}`, () => refresh()));
 * await run.toEnd();
 * ```
 */
export class Interleaving {
  /** What was done, in order: for the report of a run that went wrong. */
  readonly trace: string[] = [];
  private readonly waiting: WaitingStep[] = [];
  private underWay = 0;
  private unfinished = 0;
  private settled: () => void = () => undefined;
  private moved: () => void = () => undefined;

  /** @param picks which of the waiting steps comes next, modulo their number; the one that waits longest after the last. */
  constructor(private readonly picks: readonly number[]) {}

  /** Does something as a step of the interleaving that the caller runs in; at once when it runs in none. */
  static async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { interleaving, who } = context.getStore() ?? {};
    await interleaving?.turnOf(`${who}: ${name}`);
    return Interleaving.within(work);
  }

  /** Does something that takes its time, but belongs to the step that is being done. */
  static async within<T>(work: () => Promise<T>): Promise<T> {
    const { interleaving } = context.getStore() ?? {};
    if (!interleaving) return work();
    interleaving.underWay += 1;
    try {
      return await work();
    } finally {
      interleaving.underWay -= 1;
      if (interleaving.underWay === 0) interleaving.settled();
    }
  }

  /** Begins a piece of work; even its first line waits for its turn. */
  start<T>(who: string, work: () => Promise<T>): Promise<T> {
    this.unfinished += 1;
    return context.run({ interleaving: this, who }, async () => {
      try {
        await this.turnOf(`${who}: begins`);
        return await work();
      } finally {
        this.unfinished -= 1;
        this.moved();
      }
    });
  }

  /** Goes on until everything that was begun has ended. */
  async toEnd(): Promise<void> {
    for (let count = 0; ;) {
      await this.quiet();
      const [next] = this.waiting.splice((this.picks[count] ?? 0) % Math.max(1, this.waiting.length), 1);
      if (next) {
        count += 1;
        this.trace.push(next.name);
        next.go();
      } else if (this.unfinished > 0) {
        // It waits for something that another interleaving is doing, such as filling a cache that both read.
        await new Promise<void>((moved) => (this.moved = moved));
      } else return;
    }
  }

  private turnOf(name: string): Promise<void> {
    return new Promise((go) => {
      this.waiting.push({ name, go });
      this.moved();
    });
  }

  /** Waits until the step that is being done has ended, and all work waits for its turn again. */
  private async quiet(): Promise<void> {
    for (;;) {
      await nextTurn();
      if (this.underWay === 0) return;
      await new Promise<void>((settled) => (this.settled = settled));
    }
  }
}
