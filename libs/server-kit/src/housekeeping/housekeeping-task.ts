/** The result of one batch of a task. */
export interface Removal {
  /** The number of rows that were deleted. */
  readonly removed: number;
  /** Whether the task has nothing left to do in this round. */
  readonly isLast: boolean;
}

/** Deletes rows of one kind that are no longer needed. */
export interface HousekeepingTask {
  /** The name of the task in metrics and in the log, such as `ended-grants`. */
  readonly name: string;
  /** Deletes one batch, and looks at `limit` rows at most. */
  removeBatch(limit: number): Promise<Removal>;
}

/**
 * Creates a task from a function that deletes up to `limit` rows and returns their number. Fewer rows than `limit` mean that none
 * is left.
 */
export const removalTask = (name: string, remove: (limit: number) => Promise<number>): HousekeepingTask => ({
  name,
  removeBatch: async (limit) => {
    const removed = await remove(limit);
    return { removed, isLast: removed < limit };
  },
});
