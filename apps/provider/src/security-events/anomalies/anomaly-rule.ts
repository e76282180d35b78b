import type { EntityManager } from 'typeorm';
import type { SecurityEvent } from '../security-event.entity.js';

/** A rule that finds unusual activity. It flags the same subject at most once within its window. */
export interface AnomalyRule {
  readonly name: string;
  /** Describes the finding to administrators and users. */
  readonly description: string;
  /** How far the rule looks back, in seconds. */
  readonly windowSeconds: number;
  /** Returns the unusual activity at a time: the most important findings first, at most {@link MAX_FINDINGS}. */
  find(manager: EntityManager, now: Date): Promise<Finding[]>;
}

/** Unusual activity that a rule found. */
export interface Finding {
  /** What the finding is about. A rule flags the same subject once within its window. */
  readonly subject: string;
  /** The members of the event that name the user, client, session, grant or address. */
  readonly about: Partial<Pick<SecurityEvent, 'userId' | 'clientId' | 'sessionId' | 'grantId' | 'address'>>;
  /** The observed numbers and names; never a secret. */
  readonly figures: Readonly<Record<string, string>>;
}

/** The most findings that a rule returns at once, so that an attack cannot flood the security events. */
export const MAX_FINDINGS = 100;

/** The SQL expression that sums up failures. An event of repeated failures holds their number in `details.count`. */
export const FAILURES = `sum(coalesce((details->>'count')::int, 1))`;
