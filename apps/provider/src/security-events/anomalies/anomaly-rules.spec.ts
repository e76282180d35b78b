import { readFileSync } from 'node:fs';
import { ANOMALY_RULES } from './anomaly-rules.js';

const documentation = readFileSync(new URL('../../../../../docs/events-and-usage.md', import.meta.url), 'utf8');

describe('the anomaly rules', () => {
  it('have different names', () => {
    expect(new Set(ANOMALY_RULES.map(({ name }) => name)).size).toBe(ANOMALY_RULES.length);
  });

  it.each(ANOMALY_RULES)('$name is in docs/events-and-usage.md', ({ name }) => {
    expect(documentation).toContain(`| \`${name}\` |`);
  });

  it.each(ANOMALY_RULES)('$name has a shorter window than flagged anomalies are kept', ({ windowSeconds }) => {
    expect(windowSeconds).toBeLessThan(2 * 24 * 3600);
  });
});
