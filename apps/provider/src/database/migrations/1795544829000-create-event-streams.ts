import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the event streams of receivers with their position in the security events, and the notices about the stream itself. */
export class CreateEventStreams1795544829000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'EventStreams1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_streams (
        id uuid PRIMARY KEY,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        delivery text NOT NULL,
        endpoint_url text,
        authorization_header bytea,
        events_requested text[],
        description text,
        status text NOT NULL DEFAULT 'enabled',
        status_reason text,
        status_set_by text NOT NULL DEFAULT 'receiver',
        since timestamptz NOT NULL DEFAULT now(),
        watermark xid8 NOT NULL DEFAULT '0',
        active_at timestamptz NOT NULL DEFAULT now(),
        verified_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        failing_since timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX event_streams_client ON event_streams (client_id);

      CREATE TABLE event_stream_acknowledgements (
        stream_id uuid NOT NULL REFERENCES event_streams ON DELETE CASCADE,
        transaction_id xid8 NOT NULL,
        event_id bigint NOT NULL,
        signal text NOT NULL,
        PRIMARY KEY (stream_id, transaction_id, event_id, signal)
      );

      CREATE TABLE event_stream_notices (
        id uuid PRIMARY KEY,
        stream_id uuid NOT NULL REFERENCES event_streams ON DELETE CASCADE,
        signal text NOT NULL,
        content jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX event_stream_notices_stream ON event_stream_notices (stream_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_stream_notices, event_stream_acknowledgements, event_streams');
  }
}
