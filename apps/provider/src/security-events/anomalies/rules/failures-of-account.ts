import { type AnomalyRule, FAILURES, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 15 * 60;
const THRESHOLD = 8;

/** Finds accounts with many failed sign-ins: somebody may be guessing the password. */
export const failuresOfAccount: AnomalyRule = {
  name: 'failures-of-account',
  description: 'Many failed sign-ins to one account',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<{ user_id: string; failures: number; addresses: number }[]>(
      `SELECT user_id, ${FAILURES}::int AS failures, count(DISTINCT address)::int AS addresses
       FROM security_events
       WHERE outcome = 'failure' AND type = 'sign-in' AND user_id IS NOT NULL
         AND occurred_at > $1::timestamptz - make_interval(secs => $2) AND occurred_at <= $1
       GROUP BY user_id HAVING ${FAILURES} >= $3 ORDER BY failures DESC LIMIT $4`,
      [now, WINDOW_SECONDS, THRESHOLD, MAX_FINDINGS],
    );
    return rows.map(({ user_id, failures, addresses }) => ({
      subject: user_id,
      about: { userId: user_id },
      figures: { failures: `${failures}`, addresses: `${addresses}`, minutes: `${WINDOW_SECONDS / 60}` },
    }));
  },
};
