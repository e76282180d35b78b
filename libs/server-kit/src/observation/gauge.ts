import { Gauge } from 'prom-client';

/** A gauge for `/metrics` that is read when somebody asks; a server names it in its `metrics`. */
export const gauge = (name: string, help: string, read: () => number): Gauge =>
  new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });
