import { dataSourceOptions } from '@trefoil/server-kit';
import type { BackendConfig } from '../config.js';
import { Contact } from '../contacts/contact.entity.js';
import { StoredAnswer } from '../idempotency/stored-answer.entity.js';
import { CreateContacts1795305600000 } from './migrations/1795305600000-create-contacts.js';
import { CreateStateStore1795478400000 } from './migrations/1795478400000-create-state-store.js';
import { AddStateFeeds1795564800000 } from './migrations/1795564800000-add-state-feeds.js';

/** How the backend reaches its database, with everything it keeps there. */
export const backendDatabase = ({ DATABASE_URL }: Pick<BackendConfig, 'DATABASE_URL'>) =>
  dataSourceOptions(DATABASE_URL, {
    entities: [Contact, StoredAnswer],
    migrations: [CreateContacts1795305600000, CreateStateStore1795478400000, AddStateFeeds1795564800000],
  });
