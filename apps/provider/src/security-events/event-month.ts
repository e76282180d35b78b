/** A month of UTC, which one partition of the security events holds. */
export interface EventMonth {
  /** Such as `security_events_2026_05`. */
  readonly partition: string;
  readonly from: Date;
  /** The first moment that is no longer in it. */
  readonly to: Date;
}

const PARTITION = /^security_events_(\d{4})_(\d{2})$/;

const monthAt = (year: number, month: number): EventMonth => {
  const from = new Date(Date.UTC(year, month));
  const name = from.toISOString().slice(0, 7).replace('-', '_');
  return { partition: `security_events_${name}`, from, to: new Date(Date.UTC(year, month + 1)) };
};

/** The month of a moment, or one so many months later. */
export const monthOf = (moment: Date, later = 0): EventMonth =>
  monthAt(moment.getUTCFullYear(), moment.getUTCMonth() + later);

/** The month that a partition is of; undefined when a table is none of these. */
export function monthOfPartition(table: string): EventMonth | undefined {
  const [, year, month] = PARTITION.exec(table) ?? [];
  return year === undefined ? undefined : monthAt(Number(year), Number(month) - 1);
}
