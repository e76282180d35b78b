import type { User } from '../../users/user.entity.js';
import { pathOf, type PageContext } from '../forms/admin-visit.js';
import { ListPage, type ListedPage } from '../forms/list.page.js';

const CONFIRMATIONS = { deleted: 'The user was deleted, with their sessions and all access they gave.' };

/** Lists the users by e-mail address. */
export function UserListPage({ page, list }: { page: PageContext; list: ListedPage<User> }) {
  return (
    <ListPage
      page={page}
      section="/admin/users"
      title="Users"
      lead="The people who can sign in, including disabled ones."
      list={list}
      columns={[
        { header: 'E-mail', cell: ({ id, email }) => <a href={pathOf('/admin/users/edit', id)}>{email}</a> },
        { header: 'Name', cell: ({ claims }) => claims.name },
        { header: 'State', cell: stateOf },
      ]}
      create="Add a user"
      searchLabel="E-mail address or name"
      confirmations={CONFIRMATIONS}
    />
  );
}

/** Returns the state of an account in words. */
export const stateOf = ({ administrator, disabledAt }: Pick<User, 'administrator' | 'disabledAt'>): string =>
  [disabledAt ? 'disabled' : 'enabled', administrator && 'administrator'].filter(Boolean).join(', ');
