import { endedRows, type HousekeepingTask, type Query } from '@trefoil/server-kit';

const KEPT_SECONDS = 3600;

/** Device authorizations that have expired; for an hour a device that goes on polling is told so (RFC 8628 §3.5). */
export const expiredDeviceAuthorizations = (query: Query): HousekeepingTask =>
  endedRows(query, {
    name: 'expired-device-authorizations',
    table: 'device_authorizations',
    endedAt: 'expires_at',
    keptFor: KEPT_SECONDS,
  });
