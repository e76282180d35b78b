import type { CaseResult, Figures } from '../measure/compare.js';

const HEAD = ['case', 'server', 'per second', 'spread', 'p50 ms', 'p99 ms', 'CPU µs', 'database µs', 'failed'];

/** Returns the figures of a case as rows of cells. */
const rowsOf = ({ title, figures }: CaseResult): string[][] =>
  figures.map((each, index) => [
    index === 0 ? title : '',
    each.name,
    Math.round(each.rate).toLocaleString('en'),
    `${Math.round(each.spread * 100)} %`,
    String(each.p50),
    String(each.p99),
    microseconds(each.serverCpu),
    microseconds(each.databaseCpu),
    String(each.failures),
  ]);

const microseconds = (value: Figures['serverCpu']): string => (value === undefined ? '–' : String(Math.round(value)));

/** Returns a table for the screen. */
export function textTable(results: readonly CaseResult[]): string {
  const rows = [HEAD, ...results.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: string[]) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

/** Returns a table in Markdown. */
export const markdownTable = (results: readonly CaseResult[]): string =>
  [HEAD, HEAD.map((_, column) => (column < 2 ? '---' : '--:')), ...results.flatMap(rowsOf)]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
