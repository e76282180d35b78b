import { endedRows, type HousekeepingTask, type Query } from '@trefoil/server-kit';

const KEPT_SECONDS = 30 * 24 * 3600;

/** Secrets that were replaced; for a month it can be seen when they were last used. */
export const expiredClientSecrets = (query: Query): HousekeepingTask =>
  endedRows(query, {
    name: 'expired-client-secrets',
    table: 'client_secrets',
    endedAt: 'expires_at',
    keptFor: KEPT_SECONDS,
  });
