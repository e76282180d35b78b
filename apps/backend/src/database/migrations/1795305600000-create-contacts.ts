import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts, and the answers that retries get again. */
export class CreateContacts1795305600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE contacts (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        phone text NOT NULL,
        company text NOT NULL,
        notes text NOT NULL,
        version integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    // Backwards for a user's newest contacts, forwards for the export.
    await queryRunner.query('CREATE INDEX contacts_by_owner ON contacts (owner, created_at, id)');
    await queryRunner.query(`
      CREATE TABLE stored_answers (
        owner text NOT NULL,
        client_id text NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL,
        status smallint NOT NULL,
        headers json NOT NULL,
        body json NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (owner, client_id, key)
      )`);
    await queryRunner.query('CREATE INDEX stored_answers_by_expiry ON stored_answers (expires_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE stored_answers');
    await queryRunner.query('DROP TABLE contacts');
  }
}
