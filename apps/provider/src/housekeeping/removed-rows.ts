import { expiredRowsTask, type HousekeepingTask, type Query, unreferencedRowsTask } from '@trefoil/server-kit';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Device authorizations that have expired; for an hour a device that goes on polling is told so (RFC 8628 §3.5). */
export const expiredDeviceAuthorizations = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-device-authorizations',
    table: 'device_authorizations',
    endedAt: 'expires_at',
    keptFor: HOUR,
  });

/**
 * Grants that have expired or were revoked.
 *
 * Of a grant that has ended no code, refresh token or access token is good any more, and one that is gone means the same
 * everywhere (`TokenStatus` takes a missing grant for an ended one), so nothing that was refused comes back to life. It
 * stays for two who still look at it: the stream of a receiver, which learns by it which events concern its client, until
 * the stream is paused; and the end of its session, of which all clients with a grant are told.
 */
export const endedGrants = (query: Query, keptFor: number): HousekeepingTask =>
  unreferencedRowsTask(query, {
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

/**
 * Sign-in sessions that have expired or were ended. With a session its grants go, and those with `offline_access` outlive
 * it: so it stays until the last of them is gone. A day is longer than any sign-in that began in it can take.
 */
export const endedSessions = (query: Query): HousekeepingTask =>
  unreferencedRowsTask(query, {
    name: 'ended-sessions',
    table: 'sessions',
    key: 'id',
    keyType: 'uuid',
    endedAt: 'LEAST(expires_at, ended_at)',
    keptFor: DAY,
    neededBy: 'EXISTS (SELECT FROM grants WHERE grants.session_id = sessions.id)',
  });

/** Logout tokens that were delivered or given up; for a week it can be seen what became of them. */
export const finishedLogoutDeliveries = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'finished-logout-deliveries',
    table: 'logout_deliveries',
    endedAt: 'coalesce(delivered_at, given_up_at)',
    keptFor: 7 * DAY,
  });

/** Single access tokens that were revoked and that nobody would take any more: `RevokedTokens` has seen to the margin. */
export const expiredRevokedTokens = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-revoked-tokens',
    table: 'revoked_tokens',
    endedAt: 'expires_at',
    keptFor: 0,
  });

/** Secrets that were replaced; for a month it can be seen when they were last used. */
export const expiredClientSecrets = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-client-secrets',
    table: 'client_secrets',
    endedAt: 'expires_at',
    keptFor: 30 * DAY,
  });

/**
 * Clients that came with the URL of a document, which anybody can make up, and that nobody has allowed anything. One that
 * comes again is read again. Disabled ones stay disabled. A document is read again after a day at the latest, and a sign-in
 * may begin at the end of that day.
 */
export const forgottenDocumentClients = (query: Query): HousekeepingTask =>
  unreferencedRowsTask(query, {
    name: 'forgotten-document-clients',
    table: 'clients',
    key: 'client_id',
    keyType: 'text',
    endedAt: `(CASE WHEN client_id ~ '^https?://' AND disabled_at IS NULL THEN updated_at END)`,
    keptFor: 2 * DAY,
    neededBy: `(
      EXISTS (SELECT FROM grants WHERE grants.client_id = clients.client_id)
      OR EXISTS (SELECT FROM consents WHERE consents.client_id = clients.client_id)
      OR EXISTS (SELECT FROM device_authorizations WHERE device_authorizations.client_id = clients.client_id)
      OR EXISTS (SELECT FROM resource_servers WHERE resource_servers.client_id = clients.client_id)
    )`,
  });
