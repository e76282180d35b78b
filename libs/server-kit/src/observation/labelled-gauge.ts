import { Gauge } from 'prom-client';

/** Labels and the value that belongs to them. */
export type LabelledValue<L extends string> = readonly [labels: Record<L, string>, value: number];

/**
 * A gauge for `/metrics` that is measured when somebody asks, with a value for each set of labels; a server names it in
 * its `metrics`. While it cannot be measured it says nothing.
 */
export const labelledGauge = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  measure: () => Promise<readonly LabelledValue<L>[]>,
): Gauge<L> =>
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    // Each server of a process has a registry of its own.
    registers: [],
    async collect() {
      const measured = await measure().catch(() => []);
      this.reset();
      for (const [labels, value] of measured) this.set(labels, value);
    },
  });
