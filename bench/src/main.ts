import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cases } from './cases/cases.js';
import { readCommandLine } from './command-line.js';
import { coresOf } from './measure/affinity.js';
import { type CaseResult, compare, type Effort } from './measure/compare.js';
import { textTable } from './report/table.js';
import { verdictsOf } from './report/verdicts.js';
import { startInstallation } from './servers/installation.js';

const FULL: Effort = { rounds: 5, seconds: 3, warmUpSeconds: 3, connections: 32 };
const QUICK: Effort = { rounds: 1, seconds: 2, warmUpSeconds: 2, connections: 32 };
const OUTPUT = fileURLToPath(new URL('../../.local/bench', import.meta.url));

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Measures the cases side by side, prints the figures and the verdicts, and writes them to `.local/bench`. */
export async function bench(args: readonly string[]): Promise<void> {
  const options = readCommandLine(
    args,
    cases.map(({ name }) => name),
  );
  const chosen = cases.filter(({ name }) => options.cases.length === 0 || options.cases.includes(name));
  const cores = coresOf();
  say(cores.arePinned ? 'Servers and database on core 0, load on core 1' : 'Nothing is pinned to a core');
  cores.asServer();
  const installation = await startInstallation(say);
  cores.asLoad();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void installation.stop().finally(() => process.exit(1)));
  }
  const results: CaseResult[] = [];
  try {
    for (const each of chosen) {
      say(`Measuring ${each.name} …`);
      results.push(await compare(each, await each.contenders(installation), options.isQuick ? QUICK : FULL));
    }
  } finally {
    await installation.stop();
  }
  say(`\n${textTable(results)}\n`);
  for (const { title, goal, reached, isMet } of results.flatMap(verdictsOf)) {
    say(`${isMet ? 'met    ' : 'not met'}  ${title}: ${goal}; reached ${reached}`);
  }
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(`${OUTPUT}/results.json`, `${JSON.stringify(results, undefined, 2)}\n`);
}
