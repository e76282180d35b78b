// @ts-check
// Runs the unit and medium tests and prints how much of each project they cover: [arguments of jest].
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root, step } from './prepare.mjs';

/** @typedef {'lines' | 'functions' | 'branches'} Measure */
/** @typedef {Record<Measure, { total: number, covered: number }>} Counts */

/** @type {Measure[]} */
const MEASURES = ['lines', 'functions', 'branches'];

const summaryFile = join(root, 'coverage', 'coverage-summary.json');
const args = process.argv.slice(2);

endWithParent();
prepare();
step('Testing');
rmSync(summaryFile, { force: true });
process.exitCode = runJest();
printTable();

/** Runs jest with coverage of the projects that the arguments name, or of all of them. Returns its exit code. */
function runJest() {
  const named = args.flatMap((path) => /^(?:apps|libs|examples)\/[^/]+/.exec(path)?.[0] ?? []);
  const folders = named.length > 0 ? named : ['{apps,libs,examples}/*'];
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...args,
      '--coverage',
      ...folders.map((folder) => `--collectCoverageFrom=${folder}/src/**/*.{ts,tsx}`),
      // The servers of the end-to-end tests are processes of their own, which jest cannot observe.
      ...['--selectProjects', 'unit', 'medium'],
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return status ?? 1;
}

/** Prints one line for each project, from the summary that jest wrote. */
function printTable() {
  /** @type {Record<string, Counts>} */
  const { total, ...files } = JSON.parse(readFileSync(summaryFile, 'utf8'));
  /** @type {Map<string, Counts[]>} */
  const projects = new Map();
  for (const [file, counts] of Object.entries(files).sort()) {
    const project = relative(root, file).split(sep).slice(0, 2).join('/');
    projects.set(project, [...(projects.get(project) ?? []), counts]);
  }
  console.log(`\n${MEASURES.map((measure) => measure.padStart(9)).join(' ')}   project`);
  for (const [project, counts] of projects) printLine(project, counts);
  if (total) printLine('all', [total]);
  console.log('\nEach file, line by line: coverage/index.html');
}

/** @param {string} project @param {Counts[]} files */
function printLine(project, files) {
  const shares = MEASURES.map((measure) => {
    const [covered, total] = [sum(files, measure, 'covered'), sum(files, measure, 'total')];
    return `${(total === 0 ? 100 : (100 * covered) / total).toFixed(1)} %`.padStart(9);
  });
  console.log(`${shares.join(' ')}   ${project}`);
}

/** @param {Counts[]} files @param {Measure} measure @param {'covered' | 'total'} part */
function sum(files, measure, part) {
  return files.reduce((count, file) => count + file[measure][part], 0);
}
