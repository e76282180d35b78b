import { type HousekeepingTask, removalTask } from './housekeeping-task.js';

/** Runs a statement and gives its rows. */
export type Query = <T>(statement: string, parameters: unknown[]) => Promise<T[]>;

/** Rows of a table that have had their time. */
export interface EndedRows {
  readonly name: string;
  readonly table: string;
  /** SQL: when a row has ended; null while it has not. An index on it keeps the cost from growing with the table. */
  readonly endedAt: string;
  /** Seconds for which a row stays after that. */
  readonly keptFor: number;
}

/** Removes ended rows, the oldest first. One that somebody has locked stays until the next round. */
export const endedRows = (query: Query, { name, table, endedAt, keptFor }: EndedRows): HousekeepingTask =>
  removalTask(name, async (limit) => {
    const [{ removed } = { removed: 0 }] = await query<{ removed: number }>(
      `WITH removed AS (
         DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE ${endedAt} < now() - make_interval(secs => $2)
           ORDER BY ${endedAt} LIMIT $1 FOR UPDATE SKIP LOCKED
         )) RETURNING 1
       )
       SELECT count(*)::int AS removed FROM removed`,
      [limit, keptFor],
    );
    return removed;
  });
