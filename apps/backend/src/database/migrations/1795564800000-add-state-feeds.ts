import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the feeds of the short-lived state, by which replicas tell each other about revocations. */
export class AddStateFeeds1795564800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(stateStoreSchema);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE IF EXISTS state_feed_entries');
    await queryRunner.query('DROP TABLE IF EXISTS state_feeds');
  }
}
