import { expiredRowsTask, type HousekeepingTask, type Query, unreferencedRowsTask } from '@trefoil/server-kit';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Deletes device authorizations an hour after they expired. Until then a polling device gets `expired_token` (RFC 8628 §3.5). */
export const expiredDeviceAuthorizations = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-device-authorizations',
    table: 'device_authorizations',
    endedAt: 'expires_at',
    keptFor: HOUR,
  });

/**
 * Deletes grants that expired or were revoked more than `keptFor` seconds ago and whose session has ended.
 *
 * Deleting is safe: no code, refresh token or access token of an ended grant is valid, and `TokenStatus` treats a missing
 * grant like an ended one. The row is kept for a while for two readers: event streams find out by it which events concern
 * their client, until an inactive stream is paused; and when the session ends, every client with a grant is told.
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
 * Deletes sign-in sessions a day after they expired or were ended, when they have no grants left. Deleting a session would
 * also delete its grants, and grants with `offline_access` outlive their session. A day is longer than any sign-in that
 * began in the session can take.
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

/** Deletes logout deliveries a week after they were delivered or given up. Until then their outcome can be looked up. */
export const finishedLogoutDeliveries = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'finished-logout-deliveries',
    table: 'logout_deliveries',
    endedAt: 'coalesce(delivered_at, given_up_at)',
    keptFor: 7 * DAY,
  });

/** Deletes revoked access tokens that have expired. `RevokedTokens` has already added the allowed clock difference. */
export const expiredRevokedTokens = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-revoked-tokens',
    table: 'revoked_tokens',
    endedAt: 'expires_at',
    keptFor: 0,
  });

/** Deletes client secrets a month after they expired. Until then it can be looked up when they were last used. */
export const expiredClientSecrets = (query: Query): HousekeepingTask =>
  expiredRowsTask(query, {
    name: 'expired-client-secrets',
    table: 'client_secrets',
    endedAt: 'expires_at',
    keptFor: 30 * DAY,
  });

/**
 * Deletes clients that came with the URL of a client metadata document and that no user has allowed anything, because
 * anybody can make up such URLs. When the client comes back, its document is fetched again. Disabled clients are kept, so
 * they stay disabled. They are kept for two days: a document is fetched again after a day at the latest, and a sign-in may
 * begin at the end of that day.
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
