/** A month in UTC. One partition of the table of security events holds its events. */
export interface EventMonth {
  /** The name of the partition, such as `security_events_2026_05`. */
  readonly partition: string;
  readonly from: Date;
  /** The end of the month, exclusive. */
  readonly to: Date;
}

const PARTITION = /^security_events_(\d{4})_(\d{2})$/;

const monthAt = (year: number, month: number): EventMonth => {
  const from = new Date(Date.UTC(year, month));
  const name = from.toISOString().slice(0, 7).replace('-', '_');
  return { partition: `security_events_${name}`, from, to: new Date(Date.UTC(year, month + 1)) };
};

/** Returns the month of a time, or the month so many months later. */
export const monthOf = (moment: Date, later = 0): EventMonth =>
  monthAt(moment.getUTCFullYear(), moment.getUTCMonth() + later);

/** Returns the month of a partition; undefined for other tables. */
export function monthOfPartition(table: string): EventMonth | undefined {
  const [, year, month] = PARTITION.exec(table) ?? [];
  return year === undefined ? undefined : monthAt(Number(year), Number(month) - 1);
}
