import { EmptyState, Table } from '@trefoil/ui';
import { Timestamp } from '../account/timestamp.js';
import type { DeliveryRow } from './admin-deliveries.js';

/** Shows the state of deliveries to clients. */
export function DeliveryTable({ rows }: { rows: readonly DeliveryRow[] }) {
  if (rows.length === 0) return <EmptyState title="Nothing to deliver">No receiver has a stream of events.</EmptyState>;
  return (
    <Table
      caption="Deliveries to clients"
      columns={[
        { header: 'Who', cell: ({ clientName }) => clientName },
        { header: 'What', cell: ({ what }) => what },
        { header: 'State', cell: ({ state }) => state },
        { header: 'Since', cell: ({ at }) => <Timestamp at={at} /> },
        { header: 'Why', cell: ({ reason }) => reason },
      ]}
      rows={rows}
    />
  );
}
