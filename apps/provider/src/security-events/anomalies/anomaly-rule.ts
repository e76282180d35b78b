import type { EntityManager } from 'typeorm';
import type { Finding } from './finding.js';
import type { FlaggingRule } from './flagged-anomalies.js';

/** One rule by which something is unusual. It looks back over its window, and flags a subject once in it. */
export interface AnomalyRule extends FlaggingRule {
  /** What it means, for the person who reads it. */
  readonly words: string;
  /** What is unusual at a moment; the most telling first, at most {@link MOST_FINDINGS}. */
  find(manager: EntityManager, now: Date): Promise<Finding[]>;
}

/** How many findings a rule gives at once: an attack must be unable to flood the record of itself. */
export const MOST_FINDINGS = 100;
