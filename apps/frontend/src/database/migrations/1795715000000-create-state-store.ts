import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of the state store. Databases from before migrations were recorded have them already. */
export class CreateStateStore1795715000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(stateStoreSchema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE state_entries, rate_limits, state_feeds, state_feed_entries');
  }
}
