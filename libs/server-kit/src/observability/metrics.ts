import { Counter, Gauge, Histogram } from 'prom-client';

// Every metric here is created without a registry. The server that lists it in its `metrics` registers it, because several
// servers may run in one process.

/** Creates a counter for `/metrics`. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
  new Counter({ name, help, labelNames: [...labelNames], registers: [] });

/** Creates a gauge for `/metrics`. `read` returns its value at each scrape. */
export const gauge = (name: string, help: string, read: () => number): Gauge =>
  new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });

/** Labels and the value that belongs to them. */
export type LabelledValue<L extends string> = readonly [labels: Record<L, string>, value: number];

/**
 * Creates a gauge for `/metrics` that has one value for each set of labels. `measure` returns them at each scrape. If it
 * fails, the gauge has no values.
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
    registers: [],
    async collect() {
      const measured = await measure().catch(() => []);
      this.reset();
      for (const [labels, value] of measured) this.set(labels, value);
    },
  });

/** Creates a histogram for `/metrics`. `buckets` are the upper bounds of its buckets. */
export const histogram = (name: string, help: string, buckets: readonly number[]): Histogram =>
  new Histogram({ name, help, buckets: [...buckets], registers: [] });

/** Creates a histogram with labels for `/metrics`. `buckets` are the upper bounds of its buckets. */
export const labelledHistogram = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  buckets: readonly number[],
): Histogram<L> => new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [] });
