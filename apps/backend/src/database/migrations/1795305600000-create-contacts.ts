import { storedAnswersSchema } from '@trefoil/resource-api';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of contacts and of stored answers to idempotent requests. */
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
    // Read backwards for a user's newest contacts, and forwards for the export.
    await queryRunner.query('CREATE INDEX contacts_by_owner ON contacts (owner, created_at, id)');
    await queryRunner.query(storedAnswersSchema);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE stored_answers');
    await queryRunner.query('DROP TABLE contacts');
  }
}
