import { storedAnswersSchema } from '@trefoil/resource-api';
import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables that every resource server has: short-lived state, and stored answers to idempotent requests. */
export class CreateSharedTables1795305500000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(stateStoreSchema);
    await queryRunner.query(storedAnswersSchema);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE stored_answers');
    await queryRunner.query('DROP TABLE state_feed_entries');
    await queryRunner.query('DROP TABLE state_feeds');
    await queryRunner.query('DROP TABLE state_entries');
    await queryRunner.query('DROP TABLE rate_limits');
  }
}
