import { type HousekeepingTask, type Query, unusedRows } from '@trefoil/server-kit';

/**
 * Grants that have expired or were revoked.
 *
 * Of a grant that has ended no code, refresh token or access token is good any more, and one that is gone means the same
 * everywhere (`TokenStatus` takes a missing grant for an ended one), so nothing that was refused comes back to life. It
 * stays for two who still look at it: the stream of a receiver, which learns by it which events concern its client, until
 * the stream is paused; and the end of its session, of which all clients with a grant are told.
 */
export const endedGrants = (query: Query, keptFor: number): HousekeepingTask =>
  unusedRows(query, {
    name: 'ended-grants',
    table: 'grants',
    key: 'id',
    keyType: 'uuid',
    endedAt: 'LEAST(expires_at, revoked_at)',
    keptFor,
    neededBy: `EXISTS (
      SELECT FROM sessions
      WHERE sessions.id = grants.session_id AND sessions.ended_at IS NULL AND sessions.expires_at > now()
    )`,
  });
