import type { Adapter, AdapterConstructor, AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';

/** Creates the table of {@link postgresAdapter}. */
export const adapterSchema = `
  CREATE SCHEMA IF NOT EXISTS peer;
  CREATE TABLE IF NOT EXISTS peer.payloads (
    kind text NOT NULL, id text NOT NULL, payload jsonb NOT NULL,
    grant_id text, user_code text, uid text, expires_at timestamptz, consumed_at timestamptz,
    PRIMARY KEY (kind, id));
  CREATE INDEX IF NOT EXISTS payloads_grant_id ON peer.payloads (grant_id);
  CREATE INDEX IF NOT EXISTS payloads_uid ON peer.payloads (uid);
  CREATE INDEX IF NOT EXISTS payloads_user_code ON peer.payloads (user_code);`;

const CONSUMED = `CASE WHEN consumed_at IS NULL THEN payload
  ELSE payload || jsonb_build_object('consumed', floor(extract(epoch FROM consumed_at))) END AS payload`;

/** Returns the storage of the peer in PostgreSQL: one row for each artifact, and one prepared statement for each operation. */
export const postgresAdapter = (pool: Pool): AdapterConstructor =>
  class PostgresAdapter implements Adapter {
    constructor(private readonly kind: string) {}

    async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
      await pool.query({
        name: 'peer-upsert',
        text: `INSERT INTO peer.payloads (kind, id, payload, grant_id, user_code, uid, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
               ON CONFLICT (kind, id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
        values: [
          this.kind,
          id,
          payload,
          payload.grantId ?? null,
          payload.userCode ?? null,
          payload.uid ?? null,
          expiresIn ?? null,
        ],
      });
    }

    find(id: string): Promise<AdapterPayload | undefined> {
      return this.one('id', id);
    }

    findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return this.one('user_code', userCode);
    }

    findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return this.one('uid', uid);
    }

    async consume(id: string): Promise<void> {
      await pool.query({
        name: 'peer-consume',
        text: 'UPDATE peer.payloads SET consumed_at = now() WHERE kind = $1 AND id = $2',
        values: [this.kind, id],
      });
    }

    async destroy(id: string): Promise<void> {
      await pool.query({
        name: 'peer-destroy',
        text: 'DELETE FROM peer.payloads WHERE kind = $1 AND id = $2',
        values: [this.kind, id],
      });
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await pool.query('DELETE FROM peer.payloads WHERE grant_id = $1', [grantId]);
    }

    private async one(column: 'id' | 'uid' | 'user_code', value: string): Promise<AdapterPayload | undefined> {
      const { rows } = await pool.query<{ payload: AdapterPayload }>({
        name: `peer-by-${column}`,
        text: `SELECT ${CONSUMED} FROM peer.payloads
               WHERE kind = $1 AND ${column} = $2 AND (expires_at IS NULL OR expires_at > now())`,
        values: [this.kind, value],
      });
      return rows[0]?.payload;
    }
  };
