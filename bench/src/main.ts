import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cases } from './cases/cases.js';
import { type BenchOptions, readCommandLine } from './command-line.js';
import { type Cores, coresOf } from './measure/affinity.js';
import { type CaseResult, compare, type Effort } from './measure/compare.js';
import { measureInstallation } from './measurements/installation-figures.js';
import { profilingEnvironment, PROFILES, runProfiled, topOfProfiles } from './profile/profile.js';
import { type Results, rowsOfInstallation, withFigures } from './report/performance-page.js';
import { textTable } from './report/table.js';
import { type Verdict, verdictsOf, verdictsOfInstallation } from './report/verdicts.js';
import { type Installation, startInstallation } from './servers/installation.js';

const FULL: Effort = { rounds: 5, seconds: 2, mostWarmUpSeconds: 16, connections: 32 };
const QUICK: Effort = { rounds: 1, seconds: 2, mostWarmUpSeconds: 2, connections: 32 };
const GROWTH = { full: [1000, 10_000, 100_000, 1_000_000], quick: [1000, 10_000] };
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../../.local/bench', import.meta.url));

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Measures side by side, prints the figures and the verdicts, and writes them to `.local/bench/results.json`. A run of all
 * cases also writes them to docs/performance.md.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const names = cases.map(({ name }) => name);
  const options = readCommandLine(args, names);
  const cores = coresOf();
  say(cores.arePinned ? 'Servers and database on core 0, load on core 1' : 'Nothing is pinned to a core');
  if (options.profile !== undefined) return profile(options.profile, cores);
  const results = await withInstallation(cores, {}, (installation) => measure(installation, options, cores));
  say(`\n${textTable(results.cases)}\n`);
  if (results.installation) for (const row of rowsOfInstallation(results.installation)) say(row.join(': '));
  for (const { title, goal, reached, isMet } of allVerdicts(results)) {
    say(`${isMet ? 'met    ' : 'not met'}  ${title}: ${goal}; reached ${reached}`);
  }
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(`${OUTPUT}/results.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  if (results.installation) writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), results));
}

const allVerdicts = ({ cases: measured, installation }: Results): Verdict[] => [
  ...measured.flatMap(verdictsOf),
  ...(installation ? verdictsOfInstallation(installation) : []),
];

/** Writes CPU profiles of Trefoil's servers under one case, and prints where their time goes. */
async function profile(name: string, cores: Cores): Promise<void> {
  await withInstallation(cores, profilingEnvironment(), async (installation) => {
    for (const each of cases) if (each.name === name) await runProfiled(each, installation);
  });
  topOfProfiles().forEach(say);
  say(`The profiles are in ${PROFILES}`);
}

async function measure(installation: Installation, options: BenchOptions, cores: Cores): Promise<Results> {
  const effort = options.isQuick ? QUICK : FULL;
  const isWhole = options.cases.length === 0;
  const results: CaseResult[] = [];
  for (const each of cases) {
    if (!isWhole && !options.cases.includes(each.name)) continue;
    say(`Measuring ${each.name} …`);
    results.push(await compare(each, await each.contenders(installation), effort));
  }
  if (isWhole) say('Measuring start-up, memory, connections and growth …');
  const sizes = options.isQuick ? GROWTH.quick : GROWTH.full;
  return {
    arePinned: cores.arePinned,
    isQuick: options.isQuick,
    node: process.versions.node,
    cases: results,
    installation: isWhole
      ? await measureInstallation(installation, { seconds: effort.seconds, sizes, cores })
      : undefined,
  };
}

/** Starts everything on the core of the servers, and stops it when the work ends or the process is interrupted. */
async function withInstallation<T>(
  cores: Cores,
  environment: Record<string, string>,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  cores.asServer();
  const installation = await startInstallation(say, environment);
  cores.asLoad();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void installation.stop().finally(() => process.exit(1)));
  }
  try {
    return await work(installation);
  } finally {
    await installation.stop();
  }
}
