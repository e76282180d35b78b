import { Table } from '@trefoil/ui';
import { Timestamp } from './timestamp.js';

/** One row of a table of events, in words. */
export interface EventRow {
  readonly id: string;
  readonly what: string;
  readonly occurredAt: Date;
  /** The user and client that the event concerns, and details such as the reason of a refusal. */
  readonly about: string;
  /** The address and the user agent; empty when they are unknown or must not be shown. */
  readonly from: string;
}

/** Shows events as a table. */
export function EventTable({ caption, rows }: { caption: string; rows: readonly EventRow[] }) {
  return (
    <Table
      caption={caption}
      columns={[
        { header: 'What', cell: ({ what }) => what },
        { header: 'When', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
        { header: 'About', cell: ({ about }) => about || '–' },
        { header: 'From', cell: ({ from }) => from || '–' },
      ]}
      rows={rows}
    />
  );
}

/** Returns the id of the last event on the previous page, as the query parameter `before` names it; undefined for the first page. */
export const readPageCursor = (before: string | undefined): string | undefined =>
  /^[1-9]\d{0,17}$/.test(before ?? '') ? before : undefined;
