import { Histogram } from 'prom-client';

/** A histogram for `/metrics` with labels, by the upper bounds of its buckets; a server names it in its `metrics`. */
export const labelledHistogram = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  buckets: readonly number[],
): Histogram<L> =>
  // Each server of a process has a registry of its own.
  new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [] });
