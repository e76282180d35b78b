import { type HousekeepingTask, removalTask } from './housekeeping-task.js';

/** Runs a statement and returns its rows. */
export type Query = <T>(statement: string, parameters: unknown[]) => Promise<T[]>;

/** Describes which rows of a table have expired. */
export interface ExpiredRows {
  /** The name of the task. */
  readonly name: string;
  readonly table: string;
  /** A SQL expression for the time when a row ended, or null. An index on it keeps the cost independent of the table size. */
  readonly endedAt: string;
  /** How long a row is kept after that, in seconds. */
  readonly keptFor: number;
}

/** Creates a task that deletes expired rows, oldest first. It skips locked rows until the next round. */
export const expiredRowsTask = (query: Query, { name, table, endedAt, keptFor }: ExpiredRows): HousekeepingTask =>
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
