import { type AnomalyRule, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 60 * 60;
/** The rate is unusual above so many times the count of the busiest hour of the days before. */
const FACTOR = 5;
/** The smallest count in an hour that can be unusual. */
const MIN_COUNT = 200;
const DAYS = 7;

interface RateRow {
  readonly kind: 'client' | 'user';
  readonly subject: string;
  readonly count: number;
  readonly busiest: number;
}

/**
 * Finds clients and users that do much more in this hour than in any hour of the week before. New ones are not
 * compared, because they have no week before.
 */
export const unusualRate: AnomalyRule = {
  name: 'unusual-rate',
  description: 'Much more use than in the week before',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<RateRow[]>(
      `WITH busy AS (
         SELECT subject_kind, subject, sum(count) AS count FROM usage_buckets
         WHERE hour = date_trunc('hour', $1::timestamptz, 'UTC')
         GROUP BY subject_kind, subject HAVING sum(count) >= $2
       )
       SELECT subject_kind AS kind, subject, count::int AS count, busiest::int AS busiest
       FROM busy CROSS JOIN LATERAL (
         SELECT max(count) AS busiest, min(hour) AS oldest FROM (
           SELECT hour, sum(count) AS count FROM usage_buckets AS past
           WHERE past.subject_kind = busy.subject_kind AND past.subject = busy.subject
             AND past.hour < date_trunc('hour', $1::timestamptz, 'UTC')
             AND past.hour >= date_trunc('hour', $1::timestamptz, 'UTC') - make_interval(days => $3)
           GROUP BY hour
         ) AS hours
       ) AS past
       WHERE count > busiest * $4 AND oldest <= $1::timestamptz - interval '1 day'
       ORDER BY count DESC LIMIT $5`,
      [now, MIN_COUNT, DAYS, FACTOR, MAX_FINDINGS],
    );
    return rows.map(({ kind, subject, count, busiest }) => ({
      subject: `${kind} ${subject}`,
      about: kind === 'client' ? { clientId: subject } : { userId: subject },
      figures: { count: `${count}`, busiest: `${busiest}`, days: `${DAYS}` },
    }));
  },
};
