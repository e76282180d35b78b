import { setImmediate as breathe } from 'node:timers/promises';

/** One thing that is done again and again, by one of several at the same time. */
export type Worker = () => Promise<void>;

/** A steady load: each worker does its work without a pause, until told to stop, and remembers what failed. */
export class Load {
  readonly failures: string[] = [];
  private readonly rounds: number[];
  private readonly running: Promise<void>[];
  private isStopping = false;

  constructor(workers: readonly Worker[]) {
    this.rounds = workers.map(() => 0);
    this.running = workers.map((work, index) => this.run(work, index));
  }

  /** Resolves when every worker has begun a round after now, and ended it. */
  async everyWorkerOnce(): Promise<void> {
    const before = [...this.rounds];
    // The round that is under way began earlier.
    while (this.rounds.some((rounds, index) => rounds < (before[index] ?? 0) + 2) && !this.isStopping) await breathe();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.running);
  }

  private async run(work: Worker, index: number): Promise<void> {
    while (!this.isStopping) {
      try {
        await work();
      } catch (error) {
        this.failures.push(String(error));
      }
      this.rounds[index] = (this.rounds[index] ?? 0) + 1;
      await breathe();
    }
  }
}
