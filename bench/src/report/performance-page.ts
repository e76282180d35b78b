import type { CaseResult } from '../measure/compare.js';
import type { InstallationFigures } from '../measurements/installation-figures.js';
import { chartOf } from './chart.js';
import { markdownTable } from './table.js';
import { verdictsOf, verdictsOfInstallation } from './verdicts.js';

const BEGIN = '<!-- The figures below are written by npm run bench -->';
const END = '<!-- The figures above are written by npm run bench -->';

/** The figures of a run of the benchmark. */
export interface Results {
  readonly arePinned: boolean;
  readonly isQuick: boolean;
  readonly node: string;
  readonly cases: readonly CaseResult[];
  readonly installation: InstallationFigures | undefined;
}

/** Returns the page of documentation with new figures between the two markers. The text around them is kept. */
export function withFigures(page: string, results: Results): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end === -1) throw new Error('docs/performance.md has lost the two comments around its figures.');
  return `${page.slice(0, begin)}${BEGIN}\n\n${figuresOf(results)}\n\n${page.slice(end)}`;
}

function figuresOf({ arePinned, isQuick, node, cases, installation }: Results): string {
  const verdicts = [...cases.flatMap(verdictsOf), ...(installation ? verdictsOfInstallation(installation) : [])];
  return [
    `Node ${node}; ${arePinned ? 'servers and PostgreSQL on one core, the load on another' : 'nothing pinned to a core'}` +
      `${isQuick ? '; a quick run, whose figures vary' : ''}. A unit of work of a sign-in is two requests. CPU times are ` +
      'those of the server and of PostgreSQL for one unit of work.',
    markdownTable(cases),
    ['| case | goal | reached | |', '| --- | --- | --: | --- |'].join('\n') +
      '\n' +
      verdicts
        .map(({ title, goal, reached, isMet }) => `| ${title} | ${goal} | ${reached} | ${isMet ? 'met' : 'not met'} |`)
        .join('\n'),
    ...cases.map(chartOf),
    ...(installation ? [installationTable(installation)] : []),
  ].join('\n\n');
}

const installationTable = (installation: InstallationFigures): string =>
  [
    '| measured | result |',
    '| --- | --: |',
    ...rowsOfInstallation(installation).map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

/** Returns the figures of an installation as rows of two cells. */
export const rowsOfInstallation = ({
  startUp,
  memory,
  flatness,
  growth,
  rowBytes,
  verification,
}: InstallationFigures): string[][] => [
  ['Start of the provider until it is ready', `${(startUp / 1000).toFixed(2)} s`],
  ...memory.map(({ when, bytes }) => [`Memory of the provider ${when}`, `${Math.round(bytes / 2 ** 20)} MiB`]),
  ...flatness.map(({ connections, rate, p99 }) => [
    `Client credentials over ${connections} connections`,
    `${Math.round(rate).toLocaleString('en')}/s, p99 ${p99} ms`,
  ]),
  ...growth.map(({ grants, rate, p99 }) => [
    `Refresh with ${grants.toLocaleString('en')} grants in the table`,
    `${Math.round(rate).toLocaleString('en')}/s, p99 ${p99} ms`,
  ]),
  ['Verification of a token by jose alone', `${verification.bare.toFixed(0)} µs of CPU`],
  ['Verification by the guards, first time', `${verification.first.toFixed(0)} µs of CPU`],
  ['Verification by the guards, repeated', `${verification.repeated.toFixed(0)} µs of CPU`],
  ['Bytes of a grant in the table and its indexes', String(Math.round(rowBytes))],
];
