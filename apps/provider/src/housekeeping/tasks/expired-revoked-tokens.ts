import { endedRows, type HousekeepingTask, type Query } from '@trefoil/server-kit';

/** Single access tokens that were revoked and that nobody would take any more: `RevokedTokens` has seen to the margin. */
export const expiredRevokedTokens = (query: Query): HousekeepingTask =>
  endedRows(query, { name: 'expired-revoked-tokens', table: 'revoked_tokens', endedAt: 'expires_at', keptFor: 0 });
