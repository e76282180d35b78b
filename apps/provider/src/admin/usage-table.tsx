import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { EmptyState, Table } from '@trefoil/ui';
import type { UsageMeasure } from '../security-events/usage/usage.js';
import type { UsageRow } from './admin-overviews.js';

/** The label of each measure. */
export const USAGE_LABELS: Record<UsageMeasure, string> = {
  [GRANT_TYPE.authorizationCode]: 'Codes redeemed',
  [GRANT_TYPE.refreshToken]: 'Refreshes',
  [GRANT_TYPE.clientCredentials]: 'Machine tokens',
  [GRANT_TYPE.tokenExchange]: 'Exchanges',
  [GRANT_TYPE.deviceCode]: 'Devices connected',
  introspection: 'Introspections',
  refused: 'Refused',
};

/** Every measure, in the order in which pages show them. */
export const USAGE_MEASURES = Object.keys(USAGE_LABELS) as readonly UsageMeasure[];

/** Shows the usage of several users or clients in the last 24 hours, the busiest first. */
export function UsageTable({ caption, rows }: { caption: string; rows: readonly UsageRow[] }) {
  if (rows.length === 0) return <EmptyState title="Nothing yet">Nothing was done in the last 24 hours.</EmptyState>;
  // Columns without any count are left out.
  const measures = USAGE_MEASURES.filter((measure) => rows.some(({ counts }) => counts[measure]));
  return (
    <Table
      caption={caption}
      columns={[
        { header: 'Who', cell: ({ name, href }) => <a href={href}>{name}</a> },
        ...measures.map((measure) => ({
          header: USAGE_LABELS[measure],
          cell: ({ counts }: UsageRow) => counts[measure] ?? 0,
        })),
      ]}
      rows={rows}
    />
  );
}
