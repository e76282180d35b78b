import { accountScopes, contactScopes } from '@trefoil/dto';
import type { ResourceServer } from '@trefoil/resource-server';
import { CreateContacts1795305600000 } from './database/migrations/1795305600000-create-contacts.js';
import { CreateStateStore1795478400000 } from './database/migrations/1795478400000-create-state-store.js';
import { AddStateFeeds1795564800000 } from './database/migrations/1795564800000-add-state-feeds.js';

/** Describes the backend as a resource server. */
export const backend: ResourceServer = {
  name: 'backend',
  resourceName: 'Trefoil contacts',
  title: 'Trefoil backend',
  description: 'Contacts, each owned by one user, and an export of all contacts for machine clients.',
  scopes: contactScopes,
  // The profile needs account:read of the provider's API, which the backend gets by token exchange.
  exchangedScopes: [accountScopes.read],
  migrations: [CreateContacts1795305600000, CreateStateStore1795478400000, AddStateFeeds1795564800000],
};
