import { accountScopes, contactScopes } from '@trefoil/dto';
import type { ResourceServer } from '@trefoil/resource-server';
import { NEW_MIGRATIONS, RELEASED_MIGRATIONS } from './database/migrations.js';

/** Describes the backend as a resource server. */
export const backend: ResourceServer = {
  name: 'backend',
  resourceName: 'Trefoil contacts',
  title: 'Trefoil backend',
  description: 'Contacts, each owned by one user, and an export of all contacts for machine clients.',
  scopes: contactScopes,
  // The profile needs account:read of the provider's API, which the backend gets by token exchange.
  exchangedScopes: [accountScopes.read],
  migrations: [...RELEASED_MIGRATIONS, ...NEW_MIGRATIONS],
};
