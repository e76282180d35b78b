import { setImmediate as breathe } from 'node:timers/promises';

/** Runs one round of work. */
export type Worker = () => Promise<void>;

/** Runs several workers at the same time. Each repeats its work without a pause until it is stopped. */
export class Load {
  /** The messages of all errors that the workers threw. */
  readonly failures: string[] = [];
  private readonly rounds: number[];
  private readonly running: Promise<void>[];
  private isStopping = false;

  constructor(workers: readonly Worker[]) {
    this.rounds = workers.map(() => 0);
    this.running = workers.map((work, index) => this.run(work, index));
  }

  /** Resolves when every worker has finished a round that it started after this call. */
  async everyWorkerOnce(): Promise<void> {
    const before = [...this.rounds];
    // Two rounds, because the current round of each worker started before this call.
    while (this.rounds.some((rounds, index) => rounds < (before[index] ?? 0) + 2) && !this.isStopping) await breathe();
  }

  /** Stops the workers. Resolves when each has finished its round. */
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
