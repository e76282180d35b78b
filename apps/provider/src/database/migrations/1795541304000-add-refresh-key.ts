import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the thumbprint of the key with which a refresh token was last used. A retry with that token must use the same key. */
export class AddRefreshKey1795541304000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'RefreshRetry1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants ADD refreshed_jkt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants DROP refreshed_jkt');
  }
}
