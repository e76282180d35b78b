import { stateStoreSchema } from '@trefoil/state-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of users, clients, resource servers, sessions, consents, grants, keys and events. */
export class CreateUsersClientsAndGrants1795336359000 implements MigrationInterface {
  /** The name under which existing databases have recorded this migration. */
  readonly name = 'First1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        email text NOT NULL UNIQUE CHECK (email = lower(email)),
        email_verified boolean NOT NULL DEFAULT false,
        password_hash text NOT NULL,
        claims jsonb NOT NULL DEFAULT '{}',
        administrator boolean NOT NULL DEFAULT false,
        disabled_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE clients (
        client_id text PRIMARY KEY,
        client_name text NOT NULL,
        description text NOT NULL,
        client_uri text,
        security_profile text NOT NULL,
        token_endpoint_auth_method text NOT NULL,
        grant_types text[] NOT NULL,
        redirect_uris text[] NOT NULL DEFAULT '{}',
        post_logout_redirect_uris text[] NOT NULL DEFAULT '{}',
        scopes text[] NOT NULL DEFAULT '{}',
        token_exchange_resources text[] NOT NULL DEFAULT '{}',
        id_token_signed_response_alg text,
        disabled_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE client_secrets (
        id uuid PRIMARY KEY,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        secret_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        UNIQUE (client_id, secret_hash)
      );

      CREATE TABLE resource_servers (
        identifier text PRIMARY KEY,
        name text NOT NULL,
        scopes jsonb NOT NULL,
        user_clients text[],
        client_id text REFERENCES clients,
        access_token_lifetime integer NOT NULL DEFAULT 600 CHECK (access_token_lifetime > 0),
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        secret_hash bytea NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        authenticated_at timestamptz NOT NULL,
        amr text[] NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX sessions_user ON sessions (user_id);

      CREATE TABLE consents (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        scopes text[] NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, client_id)
      );

      CREATE TABLE grants (
        id uuid PRIMARY KEY,
        secret bytea NOT NULL,
        client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        scopes text[] NOT NULL,
        resources text[] NOT NULL,
        redirect_uri text NOT NULL,
        code_challenge text,
        nonce text,
        authenticated_at timestamptz NOT NULL,
        amr text[] NOT NULL,
        code_expires_at timestamptz NOT NULL,
        code_redeemed_at timestamptz,
        refresh_generation integer NOT NULL DEFAULT 0,
        refreshed_at timestamptz,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX grants_session ON grants (session_id);
      CREATE INDEX grants_user_client ON grants (user_id, client_id);

      CREATE TABLE signing_keys (
        kid text PRIMARY KEY,
        algorithm text NOT NULL,
        private_key bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      );

      CREATE TABLE security_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        occurred_at timestamptz NOT NULL DEFAULT now(),
        type text NOT NULL,
        outcome text NOT NULL,
        user_id uuid,
        client_id text,
        session_id uuid,
        grant_id uuid,
        address text,
        request_id text,
        details jsonb
      );
      CREATE INDEX security_events_user ON security_events (user_id, occurred_at);

      ${stateStoreSchema}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE security_events, signing_keys, grants, consents, sessions, resource_servers, client_secrets, clients,
        users
    `);
  }
}
