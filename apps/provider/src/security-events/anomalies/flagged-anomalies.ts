import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SecurityEvents } from '../security-events.js';
import type { AnomalyRule, Finding } from './anomaly-rule.js';

const KEPT_DAYS = 2;
const BATCH = 1000;

/** Records the findings of the rules: each subject once within the window of the rule, among all replicas. */
@Injectable()
export class FlaggedAnomalies {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /** Records a finding as a security event. Returns false when it was flagged within the window before. */
  flag(
    { name, windowSeconds }: Pick<AnomalyRule, 'name' | 'windowSeconds'>,
    { subject, about, figures }: Finding,
    now: Date,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (transaction) => {
      const [flagged] = await transaction.query<unknown[]>(
        `INSERT INTO flagged_anomalies AS known (rule, subject, flagged_at) VALUES ($1, $2, $3)
         ON CONFLICT (rule, subject) DO UPDATE SET flagged_at = excluded.flagged_at
         WHERE known.flagged_at <= excluded.flagged_at - make_interval(secs => $4)
         RETURNING rule`,
        [name, subject, now, windowSeconds],
      );
      if (!flagged) return false;
      const details = { rule: name, subject, ...figures };
      await this.events.record({ type: 'anomaly', outcome: 'failure', ...about, details }, transaction);
      return true;
    });
  }

  /** Deletes a batch of rows that are older than the window of every rule. */
  async removeOld(now: Date): Promise<void> {
    const oldest = new Date(now.getTime() - KEPT_DAYS * 24 * 3600 * 1000);
    await this.dataSource.query(
      `DELETE FROM flagged_anomalies WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM flagged_anomalies WHERE flagged_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [oldest, BATCH],
    );
  }
}
