import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds two policies of clients: whether authorization requests must be signed, and which response modes are allowed. */
export class AddRequestPolicies1795541244000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'RequestPolicies1700000000004';

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
