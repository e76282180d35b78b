import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of the state store's feeds. */
export class CreateStateFeeds1795544832000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'StateStoreFeed1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(stateStoreSchema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS state_feed_entries; DROP TABLE IF EXISTS state_feeds');
  }
}
