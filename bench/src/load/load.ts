import autocannon from 'autocannon';
import { cpuSeconds } from '../measure/processes.js';

/** The requests of one connection, in their order; they are sent again from the start until the time is over. */
export type ConnectionScript = autocannon.Request[];

/** The load on one server. */
export interface Load {
  /** The origin of the server. */
  readonly url: string;
  /** The number of requests that make one unit of work, such as the two of a sign-in. */
  readonly requestsPerUnit?: number;
  /** Prepares a round: a connection that ended in the round before may have lost a refresh token. */
  prepare?(): Promise<void>;
  /** Returns the requests of one connection. */
  connect(connection: number): ConnectionScript;
}

/** The processes whose CPU time is measured. */
export interface MeasuredProcesses {
  readonly server: readonly number[];
  readonly database: readonly number[];
}

/** The result of one round of load. */
export interface Round {
  /** Units of work per second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Responses other than 2xx and 3xx, and connections that failed. */
  readonly failures: number;
  /** CPU time in microseconds per unit of work; undefined where it cannot be measured. */
  readonly serverCpu: number | undefined;
  readonly databaseCpu: number | undefined;
}

/** Sends requests over a number of connections for some seconds. */
export async function runLoad(
  load: Load,
  { connections, seconds, processes }: { connections: number; seconds: number; processes: MeasuredProcesses },
): Promise<Round> {
  await load.prepare?.();
  const before = [cpuSeconds(processes.server), cpuSeconds(processes.database)];
  let connected = 0;
  const result = await autocannon({
    url: load.url,
    connections,
    duration: seconds,
    timeout: 20,
    setupClient: (client) => client.setRequests(load.connect(connected++)),
  });
  const after = [cpuSeconds(processes.server), cpuSeconds(processes.database)];
  const units = (result['2xx'] + result['3xx']) / (load.requestsPerUnit ?? 1);
  const perUnit = (which: 0 | 1) => {
    const [start, end] = [before[which], after[which]];
    return start === undefined || end === undefined ? undefined : ((end - start) * 1e6) / units;
  };
  return {
    rate: units / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result['4xx'] + result['5xx'] + result.errors + result.timeouts,
    serverCpu: perUnit(0),
    databaseCpu: perUnit(1),
  };
}
