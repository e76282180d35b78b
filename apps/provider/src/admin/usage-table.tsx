import { EmptyState, Table } from '@trefoil/ui';
import type { UsageRow } from './admin-overviews.js';
import { USAGE_MEASURES, USAGE_WORDS } from './usage-words.js';

/** What some did in the last 24 hours, the busiest first. */
export function UsageTable({ caption, rows }: { caption: string; rows: readonly UsageRow[] }) {
  if (rows.length === 0) return <EmptyState title="Nothing yet">Nothing was done in the last 24 hours.</EmptyState>;
  // What nobody did needs no column.
  const measures = USAGE_MEASURES.filter((measure) => rows.some(({ counts }) => counts[measure]));
  return (
    <Table
      caption={caption}
      columns={[
        { header: 'Who', cell: ({ name, href }) => <a href={href}>{name}</a> },
        ...measures.map((measure) => ({
          header: USAGE_WORDS[measure],
          cell: ({ counts }: UsageRow) => counts[measure] ?? 0,
        })),
      ]}
      rows={rows}
    />
  );
}
