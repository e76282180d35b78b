import type { Client } from '../../clients/client.entity.js';
import { pathOf, type PageContext } from '../forms/admin-visit.js';
import { ListPage, type ListedPage } from '../forms/list.page.js';

const CONFIRMATIONS = { deleted: 'The client was deleted, with its secrets, grants and tokens.' };

/** Lists the clients by id. */
export function ClientListPage({ page, list }: { page: PageContext; list: ListedPage<Client> }) {
  return (
    <ListPage
      page={page}
      section="/admin/clients"
      title="Clients"
      lead="The applications and machines that get tokens, including disabled ones."
      list={list}
      columns={[
        {
          header: 'Client id',
          cell: ({ clientId }) => <a href={pathOf('/admin/clients/edit', clientId)}>{clientId}</a>,
        },
        { header: 'Name', cell: ({ clientName }) => clientName },
        { header: 'Profile', cell: ({ securityProfile }) => securityProfile },
        { header: 'State', cell: ({ disabledAt }) => (disabledAt ? 'disabled' : 'enabled') },
      ]}
      create="Add a client"
      searchLabel="Client id or name"
      confirmations={CONFIRMATIONS}
    />
  );
}
