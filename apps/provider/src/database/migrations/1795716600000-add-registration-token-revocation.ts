import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the time at which an initial access token was revoked. */
export class AddRegistrationTokenRevocation1795716600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE initial_access_tokens ADD revoked_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    // Without the column, a revoked token must not become valid again.
    await runner.query('UPDATE initial_access_tokens SET expires_at = revoked_at WHERE revoked_at IS NOT NULL');
    await runner.query('ALTER TABLE initial_access_tokens DROP revoked_at');
  }
}
