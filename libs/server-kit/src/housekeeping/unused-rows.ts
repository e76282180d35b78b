import type { EndedRows, Query } from './ended-rows.js';
import type { HousekeepingTask } from './housekeeping-task.js';

/** Ended rows of which some have to stay, because something still rests on them. */
export interface UnusedRows extends EndedRows {
  /** The column of the primary key; the index has to be on (`endedAt`, `key`). */
  readonly key: string;
  readonly keyType: 'text' | 'uuid';
  /** SQL: whether a row has to stay for now. */
  readonly neededBy: string;
}

interface Place {
  readonly endedAt: string;
  readonly key: string;
}

interface Step extends Place {
  readonly seen: number;
  readonly removed: number;
}

const LEAST_KEY = { text: '', uuid: '00000000-0000-0000-0000-000000000000' } as const;

/**
 * Removes ended rows that nothing needs any more. Those that are needed are not locked and not written; so that they are
 * not looked at again and again, each step goes on behind the last, over as many rounds as it takes to come to the end.
 */
export function unusedRows(query: Query, rows: UnusedRows): HousekeepingTask {
  const { name, table, endedAt, keptFor, key, keyType, neededBy } = rows;
  const ended = `${endedAt} < now() - make_interval(secs => $2)`;
  const start: Place = { endedAt: '-infinity', key: LEAST_KEY[keyType] };
  let place = start;
  return {
    name,
    removeSome: async (limit) => {
      const [step] = await query<Step>(
        `WITH seen AS MATERIALIZED (
           SELECT ${key} AS key, ${endedAt} AS ended_at, ${neededBy} AS needed FROM ${table}
           WHERE ${ended} AND (${endedAt}, ${key}) > ($3::timestamptz, $4::${keyType})
           ORDER BY ${endedAt}, ${key} LIMIT $1
         ), unused AS MATERIALIZED (
           SELECT ${key} FROM ${table} WHERE ${key} IN (SELECT key FROM seen WHERE NOT needed) AND ${ended}
           FOR UPDATE SKIP LOCKED
         ), removed AS (
           DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM unused) RETURNING 1
         ), last AS (
           SELECT ended_at::text AS "endedAt", key::text FROM seen ORDER BY ended_at DESC, key DESC LIMIT 1
         )
         SELECT last.*, (SELECT count(*)::int FROM seen) AS seen, (SELECT count(*)::int FROM removed) AS removed FROM last`,
        [limit, keptFor, place.endedAt, place.key],
      );
      const isLast = (step?.seen ?? 0) < limit;
      place = isLast || !step ? start : step;
      return { removed: step?.removed ?? 0, isLast };
    },
  };
}
