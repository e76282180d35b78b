import type { Case, Contender } from '../cases/case.js';
import { type Round, runLoad } from '../load/load.js';
import { median, spread } from './statistics.js';

/** The duration and the number of the rounds of each contender. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  /** The longest time for which a contender is warmed up. */
  readonly mostWarmUpSeconds: number;
  readonly connections: number;
}

/** The medians of one contender over all rounds. CPU times are microseconds per unit of work. */
export interface Figures {
  readonly role: Contender['role'];
  readonly name: string;
  readonly rate: number;
  readonly spread: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
  readonly serverCpu: number | undefined;
  readonly databaseCpu: number | undefined;
}

/** The figures of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly goals: Case['goals'];
  readonly figures: readonly Figures[];
  /** The longest time in milliseconds for which the event loop of Trefoil's server was blocked; undefined when not known. */
  readonly longestStall: number | undefined;
}

/** Runs the contenders of a case in turn, in alternating order, and returns their medians. */
export async function compare(
  { name, title, goals }: Case,
  contenders: readonly Contender[],
  { rounds, seconds, mostWarmUpSeconds, connections }: Effort,
): Promise<CaseResult> {
  const runs = contenders.map((contender) => ({ contender, rounds: [] as Round[] }));
  for (const { contender } of runs) await warmUp(contender, connections, mostWarmUpSeconds);
  const stalls: number[] = [];
  for (let number = 0; number < rounds; number++) {
    for (const { contender, rounds: done } of number % 2 === 0 ? runs : runs.toReversed()) {
      const isOwn = contender.role === 'trefoil';
      // The server forgets the longest stall when it is read, so this drops what happened while others had its processor.
      if (isOwn) await longestStallOf(contender);
      done.push(await runLoad(contender.load, { connections, seconds, processes: contender.processes }));
      if (isOwn) stalls.push(...(await longestStallOf(contender)));
    }
  }
  const longestStall = stalls.length > 0 ? Math.max(...stalls) : undefined;
  const figures = runs.map(({ contender, rounds: done }) => figuresOf(contender, done));
  return { name, title, goals, figures, longestStall };
}

/**
 * Sends requests until the server becomes no faster. V8 compiles the code of a request after some thousand of them, which takes
 * a slow case much longer than a fast one.
 */
async function warmUp({ load, processes }: Contender, connections: number, mostSeconds: number): Promise<void> {
  const seconds = 2;
  let fastest = 0;
  for (let passed = 0; passed < mostSeconds; passed += seconds) {
    const { rate } = await runLoad(load, { connections, seconds, processes });
    if (rate < fastest * 1.05) return;
    fastest = rate;
  }
}

/**
 * Reads the metric in which a server counts the longest stall of its event loop since it was read last. Returns milliseconds, or
 * nothing when the server has no such metric.
 */
async function longestStallOf({ load }: Contender): Promise<number[]> {
  const metrics = await (await fetch(`${load.url}/metrics`)).text();
  const [, seconds] = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(metrics) ?? [];
  return seconds === undefined ? [] : [Math.round(Number(seconds) * 1000)];
}

function figuresOf({ role, name }: Contender, rounds: readonly Round[]): Figures {
  const of = (member: (round: Round) => number | undefined) => rounds.flatMap((round) => member(round) ?? []);
  const known = (values: readonly number[]) => (values.length > 0 ? median(values) : undefined);
  return {
    role,
    name,
    rate: median(of(({ rate }) => rate)),
    spread: spread(of(({ rate }) => rate)),
    p50: median(of(({ p50 }) => p50)),
    p99: median(of(({ p99 }) => p99)),
    failures: of(({ failures }) => failures).reduce((sum, failures) => sum + failures, 0),
    serverCpu: known(of(({ serverCpu }) => serverCpu)),
    databaseCpu: known(of(({ databaseCpu }) => databaseCpu)),
  };
}
