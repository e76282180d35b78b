import {
  Button,
  ButtonLink,
  Card,
  type Column,
  EmptyState,
  Form,
  Notice,
  Pagination,
  Table,
  TextField,
} from '@trefoil/ui';
import { AdminLayout } from '../admin-layout.js';
import { type AdminPage, ListQuery, readPage } from '../api/pages.js';
import type { SectionPath } from '../sections.js';
import type { AdminVisit, PageContext } from './admin-visit.js';

const ROWS = 20;

/** One page of a list, as its query describes it. */
export interface ListedPage<Row> extends AdminPage<Row> {
  readonly search: string | undefined;
  readonly isFirst: boolean;
  /** The change to confirm above the list. */
  readonly done: string | undefined;
}

/** Reads the page of a list that the query of a visit asks for. An unknown cursor asks for the first one. */
export async function readListedPage<Row>(
  { query }: AdminVisit,
  read: (range: { after?: string; limit: number; search?: string | undefined }) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): Promise<ListedPage<Row>> {
  const search = query.get('search')?.trim() || undefined;
  const given = query.get('cursor');
  const asked = ListQuery.safeParse({ cursor: given, limit: ROWS });
  const range = asked.data ?? { limit: ROWS };
  const page = await readPage(
    range,
    (rows) => read({ ...rows, search }),
    keyOf,
    (row) => row,
  );
  return { ...page, search, isFirst: range.cursor === undefined, done: query.get('done') };
}

export interface ListPageProps<Row> {
  page: PageContext;
  section: SectionPath;
  title: string;
  lead: string;
  list: ListedPage<Row>;
  columns: readonly Column<Row>[];
  /** The text of the link to the form of a new row. */
  create: string;
  /** What a search looks into; absent when the list cannot be searched. */
  searchLabel?: string;
  /** The sentences that confirm a change, by the name in the query. */
  confirmations: Readonly<Record<string, string>>;
}

/** Renders one page of a list, with a search and links to the other pages. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const { page, section, title, lead, list, columns, create, searchLabel, confirmations } = props;
  const { items, nextCursor, search, isFirst, done = '' } = list;
  return (
    <AdminLayout
      {...page.frame}
      section={section}
      title={title}
      lead={lead}
      actions={<ButtonLink href={`${section}/new`}>{create}</ButtonLink>}
    >
      {Object.hasOwn(confirmations, done) && (
        <Notice kind="success" id="done">
          {confirmations[done]}
        </Notice>
      )}
      {searchLabel && (
        <Form method="get" action={section} role="search" class="search">
          <TextField label={searchLabel} name="search" type="search" value={search} maxLength={200} />
          <Button variant="secondary" id="search">
            Search
          </Button>
        </Form>
      )}
      {items.length > 0 ? (
        <Table caption={title} columns={columns} rows={items} />
      ) : (
        <Card>
          <EmptyState title="Nothing found">
            {search ? `Nothing contains “${search}”.` : 'The list is empty.'}
          </EmptyState>
        </Card>
      )}
      <Pagination
        label={title}
        firstHref={isFirst ? undefined : addressOf(section, search)}
        nextHref={nextCursor === null ? undefined : addressOf(section, search, nextCursor)}
      />
    </AdminLayout>
  );
}

function addressOf(section: SectionPath, search: string | undefined, cursor?: string): string {
  const query = new URLSearchParams({ ...(search && { search }), ...(cursor && { cursor }) }).toString();
  return query ? `${section}?${query}` : section;
}
