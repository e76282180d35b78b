import { readFileSync } from 'node:fs';
import { type Check, type Finding, findingsOf, type Outcome } from '../check.js';
import { checkList } from '../check-list.js';
import type { Observations, Target } from '../observations/observe.js';

/** A check with its outcome and its findings. */
export interface Result {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
}

/** The results of all checks of one examination. */
export interface Report {
  readonly version: string;
  readonly target: Target;
  readonly startedAt: Date;
  /** One for each check, in the order of the list. */
  readonly results: readonly Result[];
}

const SEVERITIES = ['high', 'medium', 'low'] as const;

/** Judges observations by every check. */
export const judge = (observations: Observations): Report => ({
  version: doctorVersion(),
  target: observations.target,
  startedAt: observations.startedAt,
  results: checkList.map((check) => {
    const outcome = check.judge(observations);
    return { check, outcome, findings: findingsOf(check, outcome) };
  }),
});

/** Returns all findings, the most severe first. */
export const findingsIn = ({ results }: Report): Finding[] =>
  results
    .flatMap(({ findings }) => findings)
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

/** Groups the findings with one rule, severity and advice, so that a report can give the advice once. */
export function groupByAdvice(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = [finding.rule, finding.severity, finding.fix].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

/** Returns one word for an outcome. */
export const resultOf = ({ outcome, findings }: Result): 'failed' | 'passed' | 'skipped' => {
  if ('skipped' in outcome) return 'skipped';
  return findings.length > 0 ? 'failed' : 'passed';
};

/** Returns how many checks failed, passed and were skipped, as a sentence. */
export function summaryOf(report: Report): string {
  const count = (wanted: string) => report.results.filter((result) => resultOf(result) === wanted).length;
  const findings = findingsIn(report).length;
  const noun = findings === 1 ? 'finding' : 'findings';
  return `${findings === 0 ? 'No' : findings} ${noun}. Of ${report.results.length} rules, ${count('passed')} are followed, ${count('failed')} are broken, ${count('skipped')} were skipped.`;
}

function doctorVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
