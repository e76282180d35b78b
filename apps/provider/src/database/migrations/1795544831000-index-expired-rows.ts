import type { MigrationInterface, QueryRunner } from 'typeorm';

const DOCUMENT_CLIENTS = `(CASE WHEN client_id ~ '^https?://' AND disabled_at IS NULL THEN updated_at END)`;

/** Adds indexes that find expired rows for housekeeping, and indexes on the foreign keys that a deletion checks. */
export class IndexExpiredRows1795544831000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'Housekeeping1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX grants_ended ON grants (LEAST(expires_at, revoked_at), id);
      CREATE INDEX sessions_ended ON sessions (LEAST(expires_at, ended_at), id);
      CREATE INDEX device_authorizations_expiry ON device_authorizations (expires_at);
      CREATE INDEX logout_deliveries_finished ON logout_deliveries (coalesce(delivered_at, given_up_at));
      CREATE INDEX client_secrets_expiry ON client_secrets (expires_at);
      CREATE INDEX clients_of_documents ON clients (${DOCUMENT_CLIENTS}, client_id);

      CREATE INDEX device_authorizations_grant ON device_authorizations (grant_id);
      CREATE INDEX device_authorizations_client ON device_authorizations (client_id);
      CREATE INDEX grants_client ON grants (client_id);
      CREATE INDEX consents_client ON consents (client_id);

      -- A refresh changes no indexed column. With free space on the page the new version of the row stays there, and the
      -- next access reclaims the old one (heap-only tuples).
      ALTER TABLE grants SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
      ALTER TABLE sessions SET (autovacuum_vacuum_scale_factor = 0.05);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions RESET (autovacuum_vacuum_scale_factor);
      ALTER TABLE grants RESET (fillfactor, autovacuum_vacuum_scale_factor);
      DROP INDEX grants_ended, sessions_ended, device_authorizations_expiry, logout_deliveries_finished,
        client_secrets_expiry, clients_of_documents, device_authorizations_grant, device_authorizations_client,
        grants_client, consents_client;
    `);
  }
}
