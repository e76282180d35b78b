import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of the short-lived state, such as the DPoP proofs that were used. */
export class CreateStateStore1795478400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(stateStoreSchema);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE state_entries');
    await queryRunner.query('DROP TABLE rate_limits');
  }
}
