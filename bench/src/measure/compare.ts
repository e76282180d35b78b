import type { Case, Contender } from '../cases/case.js';
import { type Round, runLoad } from '../load/load.js';
import { median, spread } from './statistics.js';

/** The duration and the number of the rounds of each contender. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
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
  { rounds, seconds, warmUpSeconds, connections }: Effort,
): Promise<CaseResult> {
  const runs = contenders.map((contender) => ({ contender, rounds: [] as Round[] }));
  for (const { contender } of runs) {
    await runLoad(contender.load, { connections, seconds: warmUpSeconds, processes: contender.processes });
  }
  const own = contenders.find(({ role }) => role === 'trefoil');
  // The server forgets the longest stall when it is read, so this drops that of the warm-up.
  if (own) await longestStallOf(own);
  for (let number = 0; number < rounds; number++) {
    for (const { contender, rounds: done } of number % 2 === 0 ? runs : runs.toReversed()) {
      done.push(await runLoad(contender.load, { connections, seconds, processes: contender.processes }));
    }
  }
  const longestStall = own && (await longestStallOf(own));
  const figures = runs.map(({ contender, rounds: done }) => figuresOf(contender, done));
  return { name, title, goals, figures, longestStall };
}

/** Reads the metric in which a server counts the longest stall of its event loop since it was read last. */
async function longestStallOf({ load }: Contender): Promise<number | undefined> {
  const metrics = await (await fetch(`${load.url}/metrics`)).text();
  const [, seconds] = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(metrics) ?? [];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
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
