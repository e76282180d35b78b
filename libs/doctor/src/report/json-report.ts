import { findingsIn, type Report, resultOf } from './report.js';

/** Writes a report for scripts: the findings, and the result of each rule. */
export function jsonReport(report: Report): string {
  const { version, target, startedAt, results } = report;
  const body = {
    doctor: version,
    ...target,
    time: startedAt.toISOString(),
    findings: findingsIn(report),
    rules: results.map((result) => {
      const { check, outcome } = result;
      const detail = 'skipped' in outcome ? { reason: outcome.skipped } : { evidence: outcome.evidence };
      const { rule, group, title, source } = check;
      return { rule, group, title, source, result: resultOf(result), ...detail };
    }),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
