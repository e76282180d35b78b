/**
 * The SQL that creates the tables of {@link PostgresStateStore} and its rate limiters. It can be run repeatedly: an app
 * runs it in a migration, and in a new migration after the schema has been extended.
 *
 * The tables are logged, because sessions must survive a crash of the database. `version` counts over all keys, so that a
 * key that was deleted and written again never repeats a version. Values are `json`, because `jsonb` refuses U+0000 in a
 * string and does not keep the order of properties. `expire` of `rate_limits` is in milliseconds since 1970.
 */
export const stateStoreSchema = `
CREATE TABLE IF NOT EXISTS state_entries (
  key text PRIMARY KEY,
  value json NOT NULL,
  version bigint GENERATED ALWAYS AS IDENTITY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS state_entries_expires_at ON state_entries (expires_at);

CREATE TABLE IF NOT EXISTS rate_limits (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
CREATE INDEX IF NOT EXISTS rate_limits_expire ON rate_limits (expire);

CREATE TABLE IF NOT EXISTS state_feeds (
  feed text PRIMARY KEY,
  last_position bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS state_feed_entries (
  feed text NOT NULL,
  position bigint NOT NULL,
  value json NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (feed, position)
);
CREATE INDEX IF NOT EXISTS state_feed_entries_expires_at ON state_feed_entries (expires_at);
`;

/** The table of the rate limiters in {@link stateStoreSchema}. */
export const RATE_LIMITS_TABLE = 'rate_limits';

/** The channel of the notifications about new values in feeds. The payload of a notification is the name of the feed. */
export const FEEDS_CHANNEL = 'state_feeds';
