import { counter, gauge, histogram } from '@trefoil/server-kit';
import type { ListFreshness } from './list/list-freshness.js';
import type { RevokedTokens } from './list/revoked-tokens.js';

const LAG_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/** Returns the metrics of a resource server that receives revocations. */
export function revocationMetrics(list: RevokedTokens, freshness: ListFreshness) {
  const age = gauge(
    'revocation_feed_age_seconds',
    "Time since the last completed poll of the provider's stream; +Inf before the first",
    () => freshness.ageSeconds,
  );
  const entries = gauge('revocation_entries', 'Revocations kept in memory', () => list.size);
  const isComplete = gauge(
    'revocation_list_whole',
    '1 when the list is complete; 0 while it lacks revocations, so that every token is introspected',
    () => Number(list.isComplete),
  );
  const lag = histogram(
    'revocation_lag_seconds',
    'Time from a revocation at the provider until this server refuses the token',
    LAG_BUCKETS,
  );
  const refused = counter('revocation_events_refused_total', 'Security event tokens that failed verification');
  return { lag, refused, all: [age, entries, isComplete, lag, refused] };
}
