import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key with which a refresh token was replaced, so that only with it the request may be repeated. */
export class RefreshRetry1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants ADD refreshed_jkt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants DROP refreshed_jkt');
  }
}
