import { type Finding, GROUPS } from '../check.js';
import { findingsIn, groupByAdvice, type Report, type Result, resultOf, summaryOf } from './report.js';

const WIDTH = 100;
const LABEL = 10;

/** Writes a report for the terminal: the findings first, then one line for each rule. */
export function textReport(report: Report): string {
  const { issuer, frontend, backend } = report.target;
  const servers = [issuer, frontend, backend].filter((url) => url !== undefined).join(', ');
  const groups = GROUPS.map((group) => ({
    group,
    results: report.results.filter(({ check, findings }) => check.group === group && findings.length === 0),
  })).filter(({ results }) => results.length > 0);
  return [
    `Trefoil doctor ${report.version}: ${servers}`,
    '',
    summaryOf(report),
    ...groupByAdvice(findingsIn(report)).flatMap((findings) => ['', ...findingLines(findings)]),
    ...groups.flatMap(({ group, results }) => ['', group, ...results.map(resultLine)]),
    '',
  ]
    .map(printable)
    .join('\n');
}

function findingLines(findings: readonly Finding[]): string[] {
  const [first] = findings;
  if (!first) return [];
  const { rule, severity, why, fix, source } = first;
  return [
    `✗ ${rule} (${severity})`,
    ...findings.flatMap(({ what, evidence }) => [...labelled('What', what), ...labelled('Evidence', evidence)]),
    ...labelled('Why', why),
    ...labelled('Fix', fix),
    ...labelled('Source', source),
  ];
}

function resultLine(result: Result): string {
  const { check, outcome } = result;
  if (resultOf(result) === 'skipped' && 'skipped' in outcome) return `  - ${check.rule}: skipped. ${outcome.skipped}`;
  return `  ✓ ${check.rule}: ${check.title}`;
}

/** Breaks a text into lines, with a label before the first one. */
function labelled(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH - LABEL - 2) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part, index) => `  ${(index === 0 ? label : '').padEnd(LABEL)}${part}`);
}

/** Replaces control characters: a response must not control the terminal. */
const printable = (line: string): string => line.replace(/\p{Cc}/gu, '�');
