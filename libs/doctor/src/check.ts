import type { Observations } from './observations/observe.js';

/** The groups in which rules are reported, in their order. */
export const GROUPS = [
  'Connections',
  'Metadata',
  'Keys',
  'Protocol',
  'Endpoints',
  'Sign-in',
  'Exposure',
  'Clients',
] as const;

/** How much damage a broken rule allows: an attack or an outage, a weaker defence, or a departure from advice. */
export type Severity = 'high' | 'medium' | 'low';

/** One place at which an installation breaks a rule. */
export interface Problem {
  /** One sentence that says what is wrong. */
  readonly what: string;
  /** The observed value or exchange. */
  readonly evidence: string;
  /** How to repair it, when the general advice of the rule does not fit. */
  readonly fix?: string;
  /** Replaces the severity of the rule. */
  readonly severity?: Severity;
}

/** The result of one check: the problems that it found, or the evidence that there are none, or why it could not judge. */
export type Outcome =
  { readonly problems: readonly Problem[]; readonly evidence: string } | { readonly skipped: string };

/** One rule for an installation, and the function that judges whether the installation follows it. */
export interface Check {
  /** The name of the rule in reports. Scripts rely on it. */
  readonly rule: string;
  readonly group: (typeof GROUPS)[number];
  /** The rule in one sentence. */
  readonly title: string;
  /** The specification and section that the rule comes from. */
  readonly source: string;
  readonly severity: Severity;
  /** What can happen when the rule is broken. */
  readonly why: string;
  readonly fix: string;
  /** Judges the observations. It sends no request. */
  judge(observations: Observations): Outcome;
}

/** A problem together with the rule that it breaks. */
export interface Finding {
  readonly rule: string;
  readonly source: string;
  readonly severity: Severity;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly evidence: string;
}

/** Returns the findings of a check, in the order of its problems. */
export const findingsOf = (check: Check, outcome: Outcome): Finding[] =>
  'skipped' in outcome
    ? []
    : outcome.problems.map(({ what, evidence, fix = check.fix, severity = check.severity }) => ({
        rule: check.rule,
        source: check.source,
        severity,
        what,
        why: check.why,
        fix,
        evidence,
      }));
