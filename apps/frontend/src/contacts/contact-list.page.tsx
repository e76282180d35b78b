import type { Contact, ContactPage } from '@trefoil/dto';
import { Button, ButtonLink, type Column, EmptyState, Form, Notice, Pagination, Table, TextField } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';
import { contactPath } from './contact.page.js';

interface ContactListPageProps {
  user: CurrentUser;
  page: ContactPage;
  search: string | undefined;
  isFirst: boolean;
  /** The change to confirm: `deleted`. Any other value is ignored. */
  notice: string | undefined;
}

const COLUMNS: readonly Column<Contact>[] = [
  { header: 'Name', cell: ({ id, name }) => <a href={contactPath(id)}>{name}</a> },
  { header: 'E-mail', cell: ({ email }) => email },
  { header: 'Phone', cell: ({ phone }) => phone },
  { header: 'Company', cell: ({ company }) => company },
];

/** Shows one page of the contacts or of the search results, with the newest first. */
export function ContactListPage({ user, page, search, isFirst, notice }: ContactListPageProps) {
  const { items, nextCursor } = page;
  const hasNoContacts = items.length === 0 && isFirst && search === undefined;
  return (
    <SiteLayout
      title="Contacts"
      width="wide"
      user={user}
      current="/contacts"
      actions={!hasNoContacts && <ListActions />}
    >
      {notice === 'deleted' && <Notice kind="success">The contact was deleted.</Notice>}
      {hasNoContacts ? (
        <EmptyState title="No contacts yet" action={<AddLink />}>
          The backend stores the contacts that you add, and only you can see them.
        </EmptyState>
      ) : (
        <>
          <SearchForm search={search} />
          {items.length > 0 ? (
            <Table caption="Contacts" columns={COLUMNS} rows={items} />
          ) : (
            <NothingFound search={search} />
          )}
          <Pagination
            label="Contacts"
            firstHref={isFirst ? undefined : listPath(search)}
            nextHref={nextCursor === null ? undefined : listPath(search, nextCursor)}
          />
        </>
      )}
    </SiteLayout>
  );
}

const ListActions = () => (
  <>
    <ButtonLink href="/contacts/download" variant="secondary">
      Download
    </ButtonLink>
    <AddLink />
  </>
);

const AddLink = () => <ButtonLink href="/contacts/new">Add a contact</ButtonLink>;

function SearchForm({ search }: { search: string | undefined }) {
  return (
    <Form method="get" action="/contacts" role="search" class="search">
      <TextField label="Search" name="search" type="search" value={search} maxLength={200} />
      <Button variant="secondary">Search</Button>
    </Form>
  );
}

function NothingFound({ search }: { search: string | undefined }) {
  const all = (
    <ButtonLink href="/contacts" variant="secondary">
      Show all contacts
    </ButtonLink>
  );
  if (search === undefined) return <EmptyState title="No more contacts" action={all} />;
  return (
    <EmptyState title="Nothing found" action={all}>
      No name, e-mail, phone, company or note contains “{search}”.
    </EmptyState>
  );
}

function listPath(search: string | undefined, cursor?: string): string {
  const query = new URLSearchParams({ ...(search && { search }), ...(cursor && { cursor }) }).toString();
  return query ? `/contacts?${query}` : '/contacts';
}
