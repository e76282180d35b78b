import { type AnomalyRule, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 60 * 60;

interface ReuseRow {
  readonly type: string;
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly sessionId: string | null;
  readonly grantId: string;
  readonly address: string | null;
}

/** Finds codes and refresh tokens that were used twice: one of the two users may have stolen it (RFC 9700 §4.14). */
export const reuse: AnomalyRule = {
  name: 'reuse',
  description: 'A code or a refresh token was used twice',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<ReuseRow[]>(
      `SELECT type, "userId", "clientId", "sessionId", "grantId", address
       FROM (
         SELECT DISTINCT ON (grant_id) id, type, user_id AS "userId", client_id AS "clientId",
           session_id AS "sessionId", grant_id AS "grantId", address
         FROM security_events
         WHERE outcome = 'failure' AND type IN ('code-reuse', 'refresh-token-reuse') AND grant_id IS NOT NULL
           AND occurred_at > $1::timestamptz - make_interval(secs => $2) AND occurred_at <= $1
         ORDER BY grant_id, id
       ) AS first
       -- The newest first, so that findings which are already flagged do not fill the limit.
       ORDER BY id DESC LIMIT $3`,
      [now, WINDOW_SECONDS, MAX_FINDINGS],
    );
    return rows.map(({ type, ...about }) => ({ subject: about.grantId, about, figures: { reused: type } }));
  },
};
