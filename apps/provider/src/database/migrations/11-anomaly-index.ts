import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the newest anomalies are found by: they are few, and the first page of the administration asks for them. */
export class AnomalyIndex1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX security_events_anomalies ON security_events (id) WHERE type = 'anomaly'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX security_events_anomalies');
  }
}
