import { type DatabaseSettings, dataSourceOptions } from '@trefoil/server-kit';
import type { BackendConfig } from '../config.js';
import { CreateContacts1795305600000 } from './migrations/1795305600000-create-contacts.js';
import { CreateStateStore1795478400000 } from './migrations/1795478400000-create-state-store.js';
import { AddStateFeeds1795564800000 } from './migrations/1795564800000-add-state-feeds.js';

/** Returns the data source options of the backend with its migrations. Each feature module registers its own entities. */
export const backendDatabase = (config: Pick<BackendConfig, 'DATABASE_URL'> & DatabaseSettings) =>
  dataSourceOptions(
    config.DATABASE_URL,
    {
      entities: [],
      migrations: [CreateContacts1795305600000, CreateStateStore1795478400000, AddStateFeeds1795564800000],
    },
    config,
  );
