import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of charges. */
export class CreateCharges1795730400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE charges (
        id uuid PRIMARY KEY,
        client_id text NOT NULL,
        customer text NOT NULL,
        amount integer NOT NULL CHECK (amount > 0),
        currency text NOT NULL,
        refunded_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await queryRunner.query('CREATE INDEX charges_by_customer ON charges (customer, created_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE charges');
  }
}
