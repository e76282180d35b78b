import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the lifetime of signing keys, the last use of client secrets, and the secrets of the server. */
export class AddKeyRotation1795544828000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'KeyRotation1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signing_keys RENAME private_key TO encrypted_jwk;
      ALTER TABLE signing_keys ADD signs_from timestamptz, ADD signs_until timestamptz, ADD retires_at timestamptz;
      UPDATE signing_keys SET signs_from = created_at, signs_until = retired_at, retires_at = retired_at;
      ALTER TABLE signing_keys ALTER signs_from SET NOT NULL;

      ALTER TABLE client_secrets ADD last_used_at timestamptz;

      CREATE TABLE server_secrets (
        name text PRIMARY KEY,
        encrypted_value bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE server_secrets;
      ALTER TABLE client_secrets DROP last_used_at;
      ALTER TABLE signing_keys DROP signs_from, DROP signs_until, DROP retires_at;
      ALTER TABLE signing_keys RENAME encrypted_jwk TO private_key;
    `);
  }
}
