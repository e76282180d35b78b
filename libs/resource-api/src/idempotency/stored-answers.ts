import { expiredRowsTask, type HousekeepingTask } from '@trefoil/server-kit';
import type { DataSource } from 'typeorm';

/** The table of `StoredAnswer` as SQL that may be run again. An app runs it in a migration of its own. */
export const storedAnswersSchema = `
CREATE TABLE IF NOT EXISTS stored_answers (
  owner text NOT NULL,
  client_id text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status smallint NOT NULL,
  headers json NOT NULL,
  body json NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner, client_id, key)
);
CREATE INDEX IF NOT EXISTS stored_answers_by_expiry ON stored_answers (expires_at);
`;

/** Returns the housekeeping task that deletes expired answers. */
export const expiredAnswersTask = (dataSource: DataSource): HousekeepingTask =>
  expiredRowsTask((statement, parameters) => dataSource.query(statement, parameters), {
    name: 'expired-answers',
    table: 'stored_answers',
    endedAt: 'expires_at',
    keptFor: 0,
  });
