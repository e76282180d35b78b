import type { EntityManager } from 'typeorm';

/** By how many seconds clocks may differ, and so a token may be younger than the event that revokes it. */
const CLOCK_SKEW = 60;

/**
 * Makes a stream deliver again every event that may still matter: those within the longest lifetime of an access token.
 *
 * Tokens that older events revoked have expired. The watermark stays before every running transaction, because it may
 * have recorded such an event too.
 */
export async function restartStream(streamId: string, transaction: EntityManager): Promise<void> {
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
    [streamId, CLOCK_SKEW],
  );
}
