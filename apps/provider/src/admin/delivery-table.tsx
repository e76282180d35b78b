import { EmptyState, Table } from '@trefoil/ui';
import { Moment } from '../account/moment.js';
import type { DeliveryRow } from './admin-deliveries.js';

/** What is told to clients, and how it stands with it. */
export function DeliveryTable({ rows }: { rows: readonly DeliveryRow[] }) {
  if (rows.length === 0) return <EmptyState title="Nothing to tell">No receiver has a stream of events.</EmptyState>;
  return (
    <Table
      caption="What clients are told"
      columns={[
        { header: 'Who', cell: ({ clientName }) => clientName },
        { header: 'What', cell: ({ what }) => what },
        { header: 'State', cell: ({ state }) => state },
        { header: 'Since', cell: ({ at }) => <Moment at={at} /> },
        { header: 'Why', cell: ({ reason }) => reason },
      ]}
      rows={rows}
    />
  );
}
