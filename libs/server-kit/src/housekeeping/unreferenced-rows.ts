import type { ExpiredRows, Query } from './expired-rows.js';
import type { HousekeepingTask } from './housekeeping-task.js';

/** Describes expired rows, some of which must be kept because other rows still refer to them. */
export interface UnreferencedRows extends ExpiredRows {
  /** The column of the primary key. The index must be on (`endedAt`, `key`). */
  readonly key: string;
  readonly keyType: 'text' | 'uuid';
  /** A SQL condition that holds for the rows that must be kept. */
  readonly neededBy: string;
}

/** The position after a row, in the order of the index. */
interface Position {
  readonly endedAt: string;
  readonly key: string;
}

interface Batch extends Position {
  readonly seen: number;
  readonly removed: number;
}

const LEAST_KEY = { text: '', uuid: '00000000-0000-0000-0000-000000000000' } as const;

/**
 * Creates a task that deletes expired rows to which nothing refers any more. Rows that must be kept are neither locked nor
 * written. Each batch continues after the last row of the batch before it, also in a later round, so that the rows that are kept
 * are not read again before the end of the table is reached.
 */
export function unreferencedRowsTask(query: Query, rows: UnreferencedRows): HousekeepingTask {
  const { name, table, endedAt, keptFor, key, keyType, neededBy } = rows;
  const ended = `${endedAt} < now() - make_interval(secs => $2)`;
  const start: Position = { endedAt: '-infinity', key: LEAST_KEY[keyType] };
  let position = start;
  return {
    name,
    removeBatch: async (limit) => {
      const [batch] = await query<Batch>(
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
        [limit, keptFor, position.endedAt, position.key],
      );
      const isLast = (batch?.seen ?? 0) < limit;
      position = isLast || !batch ? start : batch;
      return { removed: batch?.removed ?? 0, isLast };
    },
  };
}
