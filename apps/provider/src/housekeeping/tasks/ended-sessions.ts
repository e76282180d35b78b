import { type HousekeepingTask, type Query, unusedRows } from '@trefoil/server-kit';

const KEPT_SECONDS = 24 * 3600;

/**
 * Sign-in sessions that have expired or were ended. With a session its grants go, and those with `offline_access` outlive
 * it: so it stays until the last of them is gone. A day is longer than any sign-in that began in it can take.
 */
export const endedSessions = (query: Query): HousekeepingTask =>
  unusedRows(query, {
    name: 'ended-sessions',
    table: 'sessions',
    key: 'id',
    keyType: 'uuid',
    endedAt: 'LEAST(expires_at, ended_at)',
    keptFor: KEPT_SECONDS,
    neededBy: 'EXISTS (SELECT FROM grants WHERE grants.session_id = sessions.id)',
  });
