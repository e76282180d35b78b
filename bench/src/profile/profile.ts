import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case } from '../cases/case.js';
import { runLoad } from '../load/load.js';
import type { Installation } from '../servers/installation.js';

/** The folder into which the servers write their CPU profiles when they stop. */
export const PROFILES = fileURLToPath(new URL('../../../.local/bench/profiles', import.meta.url));

const WARM_UP_SECONDS = 20;
const SECONDS = 10;

/** The parts of a CPU profile that are read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly url: string; readonly functionName: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Returns the environment in which servers write CPU profiles, and empties the folder. */
export function profilingEnvironment(): Record<string, string> {
  rmSync(PROFILES, { recursive: true, force: true });
  mkdirSync(PROFILES, { recursive: true });
  return { NODE_OPTIONS: `--import ${new URL('record.js', import.meta.url).href}`, BENCH_PROFILES: PROFILES };
}

/** Puts load on Trefoil alone, so that the profiles show one case. */
export async function runProfiled({ contenders }: Case, installation: Installation): Promise<void> {
  for (const { role, load, processes } of await contenders(installation)) {
    if (role !== 'trefoil') continue;
    await runLoad(load, { connections: 32, seconds: WARM_UP_SECONDS, processes });
    for (const app of ['provider', 'backend', 'frontend'] as const) process.kill(installation.pidOf(app), 'SIGUSR2');
    await runLoad(load, { connections: 32, seconds: SECONDS, processes });
  }
}

/** Returns the modules and functions in which the servers spent most time, the largest share first. */
export function topOfProfiles(most = 25): string[] {
  return readdirSync(PROFILES)
    .filter((file) => file.endsWith('.cpuprofile'))
    .flatMap((file) => [
      `${file}:`,
      ...topOf(JSON.parse(readFileSync(`${PROFILES}/${file}`, 'utf8')) as CpuProfile, most),
    ]);
}

function topOf({ nodes, samples, timeDeltas }: CpuProfile, most: number): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, moduleOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    if (name !== '(idle)') times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`);
}

/** Returns the package or the file of a function; for code without a file, such as the garbage collector, its name. */
function moduleOf({ url, functionName }: { url: string; functionName: string }): string {
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, own] = /\/((?:apps|libs)\/.*)$/.exec(url) ?? [];
  return own ?? (url === '' ? functionName : url);
}
