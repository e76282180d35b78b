import type { Load, MeasuredProcesses } from '../load/load.js';
import type { Installation } from '../servers/installation.js';

/** The roles in which a server takes part in a case. */
export type Role = 'trefoil' | 'peer' | 'limit' | 'reference';

/** A server that takes part in a case. */
export interface Contender {
  readonly role: Role;
  readonly name: string;
  readonly processes: MeasuredProcesses;
  readonly load: Load;
}

/** The goals of a case, as ratios to the other contenders of the same run. */
export interface Goals {
  /** The least throughput, as a multiple of that of the fastest peer. */
  readonly ofPeer?: number;
  /** The least throughput, as a fraction of that of the bare route. */
  readonly ofLimit?: number;
  /** The greatest p99, as a multiple of that of the peer. */
  readonly p99OfPeer?: number;
  /** The least throughput, in units per second. */
  readonly rate?: number;
}

/** An activity that is measured side by side. */
export interface Case {
  /** The name for `--case`. */
  readonly name: string;
  readonly title: string;
  readonly goals: Goals;
  /** Prepares sessions, tokens and keys, and returns the contenders. */
  contenders(installation: Installation): Promise<readonly Contender[]>;
}
