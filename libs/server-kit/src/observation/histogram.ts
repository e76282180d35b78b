import { Histogram } from 'prom-client';

/** A histogram for `/metrics`, by the upper bounds of its buckets; a server names it in its `metrics`. */
export const histogram = (name: string, help: string, buckets: readonly number[]): Histogram =>
  new Histogram({ name, help, buckets: [...buckets], registers: [] });
