import { counter, gauge, histogram } from '@trefoil/server-kit';
import type { EndedTokens } from './list/revoked-tokens.js';
import type { Freshness } from './list/list-freshness.js';

const LAG_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/** What a resource server tells of the revocations it hears of. */
export function revocationMetrics(list: EndedTokens, freshness: Freshness) {
  const age = gauge(
    'revocation_feed_age_seconds',
    'Time since the provider was last heard of; +Inf when it never was',
    () => freshness.ageSeconds,
  );
  const entries = gauge('revocation_entries', 'Revocations in memory', () => list.size);
  const isWhole = gauge(
    'revocation_list_whole',
    '0 while some that still count had to be left out, for which the provider is asked about every token',
    () => Number(list.isWhole),
  );
  const lag = histogram(
    'revocation_lag_seconds',
    'From the moment the provider revoked something to the moment this server knew',
    LAG_BUCKETS,
  );
  const refused = counter('revocation_events_refused_total', 'Security events that could not be verified');
  return { lag, refused, all: [age, entries, isWhole, lag, refused] };
}
