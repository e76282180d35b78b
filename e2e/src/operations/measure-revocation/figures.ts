/** The statistics of a series of measurements, in milliseconds. */
export interface Figures {
  readonly name: string;
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Returns a percentile of the samples by the nearest-rank method, for example 99 for p99. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

/** Returns the statistics of a series of measurements in milliseconds. */
export const figuresOf = (name: string, samples: readonly number[]): Figures => ({
  name,
  samples: samples.length,
  p50: percentile(samples, 50),
  p99: percentile(samples, 99),
  max: Math.max(...samples),
});

/** Returns the statistics as a Markdown table that can be pasted into the docs. */
export function tableOf(rows: readonly Figures[]): string {
  const milliseconds = (value: number) => `${value.toFixed(1)} ms`.padStart(10);
  const lines = rows.map(
    ({ name, samples, p50, p99, max }) =>
      `| ${name.padEnd(34)} | ${String(samples).padStart(7)} | ${[p50, p99, max].map(milliseconds).join(' | ')} |`,
  );
  const head = `| ${'revoked'.padEnd(34)} | samples | ${['p50', 'p99', 'max'].map((name) => name.padStart(10)).join(' | ')} |`;
  const rule = `|${'-'.repeat(36)}|--------:|${'-----------:|'.repeat(3)}`;
  return [head, rule, ...lines].join('\n');
}
