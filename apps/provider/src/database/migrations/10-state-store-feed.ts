import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feeds of the shared short-lived state. */
export class StateStoreFeed1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(stateStoreSchema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS state_feed_entries; DROP TABLE IF EXISTS state_feeds');
  }
}
