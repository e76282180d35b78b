import { Table } from '@trefoil/ui';
import { Moment } from './moment.js';

/** One row of a list of events, in words. */
export interface EventRow {
  readonly id: string;
  readonly what: string;
  readonly occurredAt: Date;
  /** Whom or what it concerned, and why it was refused. */
  readonly about: string;
  /** From where and with what; empty when that is not known, or not to be told. */
  readonly from: string;
}

/** Events as a table, the newest first. */
export function EventTable({ caption, rows }: { caption: string; rows: readonly EventRow[] }) {
  return (
    <Table
      caption={caption}
      columns={[
        { header: 'What', cell: ({ what }) => what },
        { header: 'When', cell: ({ occurredAt }) => <Moment at={occurredAt} /> },
        { header: 'About', cell: ({ about }) => about || '–' },
        { header: 'From', cell: ({ from }) => from || '–' },
      ]}
      rows={rows}
    />
  );
}
