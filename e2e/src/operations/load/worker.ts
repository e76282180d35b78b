import { setTimeout as wait } from 'node:timers/promises';

/** Repeats some work until it is told to stop, and keeps what failed. */
export class Worker {
  rounds = 0;
  readonly failures: string[] = [];
  private isStopping = false;
  private readonly done: Promise<void>;

  constructor(
    readonly name: string,
    work: () => Promise<void>,
  ) {
    this.done = this.run(work);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.done;
  }

  private async run(work: () => Promise<void>): Promise<void> {
    while (!this.isStopping) {
      await work().catch((error: unknown) => this.failures.push(`${this.name}: ${String(error)}`));
      this.rounds += 1;
      // Leaves the processor to servers that start meanwhile.
      await wait(10);
    }
  }
}
