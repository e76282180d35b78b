import { endedRows, type HousekeepingTask, type Query } from '@trefoil/server-kit';

const KEPT_SECONDS = 7 * 24 * 3600;

/** Logout tokens that were delivered or given up; for a week it can be seen what became of them. */
export const finishedLogoutDeliveries = (query: Query): HousekeepingTask =>
  endedRows(query, {
    name: 'finished-logout-deliveries',
    table: 'logout_deliveries',
    endedAt: 'coalesce(delivered_at, given_up_at)',
    keptFor: KEPT_SECONDS,
  });
