import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds an index that finds the newest anomalies among the security events, for the start page of the administration. */
export class IndexAnomalies1795547663000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'AnomalyIndex1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX security_events_anomalies ON security_events (id) WHERE type = 'anomaly'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX security_events_anomalies');
  }
}
