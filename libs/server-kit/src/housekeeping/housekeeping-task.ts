/** What one step of a task came to. */
export interface Removal {
  /** How many rows it removed. */
  readonly removed: number;
  /** Whether nothing is left to do in this round. */
  readonly isLast: boolean;
}

/** One kind of row that goes when its time is over. */
export interface HousekeepingTask {
  /** Its name in metrics and the log, such as `ended-grants`. */
  readonly name: string;
  /** Does one short step of it, which looks at so many rows at the most. */
  removeSome(limit: number): Promise<Removal>;
}

/** A task that removes up to so many rows and tells how many it were: fewer than asked means that none is left. */
export const removalTask = (name: string, remove: (limit: number) => Promise<number>): HousekeepingTask => ({
  name,
  removeSome: async (limit) => {
    const removed = await remove(limit);
    return { removed, isLast: removed < limit };
  },
});
