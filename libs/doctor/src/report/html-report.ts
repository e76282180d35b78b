import { type Finding, GROUPS } from '../check.js';
import { groupByAdvice, type Report, type Result, resultOf, summaryOf } from './report.js';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th:nth-child(1) { width: 27% } th:nth-child(2) { width: 20% } th:nth-child(3) { width: 6rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ccc; overflow-wrap: anywhere }
dt { font-weight: 600 } dd { margin: 0 0 .5rem } td dl { margin: 0 0 1rem }
.failed { color: #a00000; font-weight: 600 } .passed { color: #006b2d } .skipped { color: #595959 }
@media print { body { margin: 0; max-width: none; font-size: 11px } tr { break-inside: avoid } }`;

/**
 * Writes a report as one HTML page for the files of an auditor: each rule, its source, the result and the evidence. The page has no
 * scripts and loads nothing.
 */
export function htmlReport(report: Report): string {
  const { target, startedAt, version } = report;
  const facts = { ...target, time: startedAt.toISOString(), 'version of the doctor': version };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Compliance report of ${escape(target.issuer)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Compliance report</h1>
<dl>${list(facts)}</dl>
<p>${escape(summaryOf(report))}</p>
${GROUPS.map((group) =>
  section(
    group,
    report.results.filter(({ check }) => check.group === group),
  ),
).join('\n')}
</body>
</html>
`;
}

const section = (group: string, results: readonly Result[]): string => `<section>
<h2>${escape(group)}</h2>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Source</th><th scope="col">Result</th><th scope="col">Evidence</th></tr></thead>
<tbody>
${results.map(row).join('\n')}
</tbody>
</table>
</section>`;

function row(result: Result): string {
  const { check, outcome, findings } = result;
  const state = resultOf(result);
  const evidence =
    findings.length > 0
      ? groupByAdvice(findings).map(advice).join('')
      : escape('skipped' in outcome ? outcome.skipped : outcome.evidence);
  return `<tr><td>${escape(check.title)}<br><code>${check.rule}</code></td><td>${escape(check.source)}</td><td class="${state}">${state}</td><td>${evidence}</td></tr>`;
}

function advice(findings: readonly Finding[]): string {
  const [first] = findings;
  if (!first) return '';
  const places = findings.map(({ what, severity, evidence }) => list({ [`finding (${severity})`]: what, evidence }));
  return `<dl>${places.join('')}${list({ why: first.why, fix: first.fix })}</dl>`;
}

const list = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`)
    .join('');

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
