import { migrateCommand } from '@trefoil/server-kit';
import { providerDataSource } from './database/data-source.js';

/** Applies the pending migrations to the database of the provider. */
await migrateCommand('provider', (url) => providerDataSource(url));
