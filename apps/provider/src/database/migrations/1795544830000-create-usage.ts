import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes security events append-only, indexes them for the anomaly rules, and creates the hourly usage of clients and users. */
export class CreateUsage1795544830000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'Usage1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_change_of_security_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'security events are only ever added' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER security_events_are_append_only BEFORE UPDATE OR DELETE ON security_events
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_security_event();
      CREATE INDEX security_events_failures ON security_events (occurred_at) WHERE outcome = 'failure';
      CREATE INDEX security_events_grant ON security_events (grant_id) WHERE grant_id IS NOT NULL;
      CREATE INDEX security_events_session ON security_events (session_id) WHERE session_id IS NOT NULL;

      -- When an anomaly of one subject was last flagged, by any replica.
      CREATE TABLE flagged_anomalies (
        rule text NOT NULL,
        subject text NOT NULL,
        flagged_at timestamptz NOT NULL,
        PRIMARY KEY (rule, subject)
      );
      CREATE INDEX flagged_anomalies_time ON flagged_anomalies (flagged_at);

      -- The networks that the tokens of a grant came from.
      CREATE TABLE grant_networks (
        grant_id uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
        network text NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (grant_id, network)
      );
      CREATE INDEX grant_networks_network ON grant_networks (network);
      CREATE INDEX grant_networks_time ON grant_networks (seen_at);

      CREATE TABLE usage_buckets (
        hour timestamptz NOT NULL,
        subject_kind text NOT NULL CHECK (subject_kind IN ('client', 'user')),
        subject text NOT NULL,
        measure text NOT NULL,
        count bigint NOT NULL CHECK (count > 0),
        PRIMARY KEY (hour, subject_kind, subject, measure)
      );
      CREATE INDEX usage_buckets_subject ON usage_buckets (subject_kind, subject, hour);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE usage_buckets, grant_networks, flagged_anomalies;
      DROP INDEX security_events_failures, security_events_grant, security_events_session;
      DROP TRIGGER security_events_are_append_only ON security_events;
      DROP FUNCTION refuse_change_of_security_event;
    `);
  }
}
