import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes anomalies: they are few, and the first page of the administration lists the newest. */
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
