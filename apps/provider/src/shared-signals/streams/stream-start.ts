import type { EntityManager } from 'typeorm';

/** Seconds by which clocks may differ, and a token may be younger than the event that ends it says. */
const SKEW_SECONDS = 60;

/**
 * Has a stream tell everything again that may still matter: what happened within the longest life of an access token.
 *
 * What an event of that time ends has expired by itself when it is older. A transaction that is still running may have
 * written such an event too, so the watermark stays before it.
 */
export async function startAgain(streamId: string, transaction: EntityManager): Promise<void> {
  await transaction.query('DELETE FROM event_stream_acknowledgements WHERE stream_id = $1', [streamId]);
  await transaction.query(
    `UPDATE event_streams SET (since, watermark) = (
       SELECT start.since, least(
         pg_snapshot_xmin(pg_current_snapshot()),
         (SELECT transaction_id
          FROM (SELECT transaction_id FROM security_events WHERE occurred_at >= start.since OFFSET 0) AS recent
          ORDER BY transaction_id LIMIT 1)
       )
       FROM (
         SELECT now() - make_interval(secs => coalesce(max(access_token_lifetime), 0) + $2) AS since FROM resource_servers
       ) AS start
     )
     WHERE id = $1`,
    [streamId, SKEW_SECONDS],
  );
}
