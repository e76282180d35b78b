import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the rest of the client metadata, initial access tokens, sender-constrained grants, device authorizations and deliveries of logout tokens. */
export class AddClientMetadataAndDeviceAuthorizations1795338880000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'ClientMetadata1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE initial_access_tokens (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL UNIQUE,
        description text NOT NULL,
        default_profile text NOT NULL,
        allowed_profiles text[] NOT NULL,
        refused_in_production boolean NOT NULL DEFAULT false,
        expires_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      ALTER TABLE clients
        ADD application_type text NOT NULL DEFAULT 'web',
        ADD contacts text[] NOT NULL DEFAULT '{}',
        ADD logo_uri text,
        ADD policy_uri text,
        ADD tos_uri text,
        ADD jwks jsonb,
        ADD jwks_uri text,
        ADD subject_type text NOT NULL DEFAULT 'public',
        ADD sector_identifier_uri text,
        ADD token_endpoint_auth_signing_alg text,
        ADD request_object_signing_alg text,
        ADD userinfo_signed_response_alg text,
        ADD authorization_signed_response_alg text,
        ADD introspection_signed_response_alg text,
        ADD require_pushed_authorization_requests boolean NOT NULL DEFAULT false,
        ADD dpop_bound_access_tokens boolean NOT NULL DEFAULT false,
        ADD default_max_age integer,
        ADD require_auth_time boolean NOT NULL DEFAULT false,
        ADD default_acr_values text[] NOT NULL DEFAULT '{}',
        ADD initiate_login_uri text,
        ADD backchannel_logout_uri text,
        ADD backchannel_logout_session_required boolean NOT NULL DEFAULT false,
        ADD software_id text,
        ADD software_version text,
        ADD registration_token_hash bytea,
        ADD initial_access_token_id uuid REFERENCES initial_access_tokens;

      ALTER TABLE grants
        ADD dpop_jkt text,
        ADD claims jsonb,
        ADD acr text;
      -- A grant of the device flow has no redirect URI.
      ALTER TABLE grants ALTER redirect_uri DROP NOT NULL;

      ALTER TABLE sessions ADD acr text;

      CREATE TABLE device_authorizations (
        id uuid PRIMARY KEY,
        device_code_hash bytea NOT NULL UNIQUE,
        user_code text NOT NULL UNIQUE,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        scopes text[] NOT NULL,
        resources text[] NOT NULL,
        expires_at timestamptz NOT NULL,
        poll_interval integer NOT NULL,
        last_polled_at timestamptz,
        denied_at timestamptz,
        grant_id uuid REFERENCES grants ON DELETE CASCADE,
        redeemed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE logout_deliveries (
        id uuid PRIMARY KEY,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        user_id uuid NOT NULL,
        session_id uuid NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        delivered_at timestamptz,
        given_up_at timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (client_id, session_id)
      );
      CREATE INDEX logout_deliveries_due ON logout_deliveries (next_attempt_at)
        WHERE delivered_at IS NULL AND given_up_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE logout_deliveries, device_authorizations;
      ALTER TABLE sessions DROP acr;
      ALTER TABLE grants DROP dpop_jkt, DROP claims, DROP acr;
      ALTER TABLE clients
        DROP application_type, DROP contacts, DROP logo_uri, DROP policy_uri, DROP tos_uri, DROP jwks, DROP jwks_uri,
        DROP subject_type, DROP sector_identifier_uri, DROP token_endpoint_auth_signing_alg,
        DROP request_object_signing_alg, DROP userinfo_signed_response_alg, DROP authorization_signed_response_alg,
        DROP introspection_signed_response_alg, DROP require_pushed_authorization_requests,
        DROP dpop_bound_access_tokens, DROP default_max_age, DROP require_auth_time, DROP default_acr_values,
        DROP initiate_login_uri, DROP backchannel_logout_uri, DROP backchannel_logout_session_required,
        DROP software_id, DROP software_version, DROP registration_token_hash, DROP initial_access_token_id;
      DROP TABLE initial_access_tokens;
    `);
  }
}
