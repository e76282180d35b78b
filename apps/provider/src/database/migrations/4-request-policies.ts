import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients that must sign their authorization requests, and those that may use some response modes only. */
export class RequestPolicies1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE clients
        ADD require_signed_request_object boolean NOT NULL DEFAULT false,
        ADD response_modes text[]
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE clients DROP response_modes, DROP require_signed_request_object');
  }
}
