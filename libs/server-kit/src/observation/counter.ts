import { Counter } from 'prom-client';

/** A counter for `/metrics`; a server names it in its `metrics`. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
  // Each server of a process has a registry of its own.
  new Counter({ name, help, labelNames: [...labelNames], registers: [] });
