import { dataSourceOptions } from '@trefoil/server-kit';
import type { FrontendConfig } from '../config.js';
import { CreateStateStore1795715000000 } from './migrations/1795715000000-create-state-store.js';

/** Returns the options with which the migrations of the frontend are run and checked. The server itself uses no TypeORM. */
export const frontendDatabase = ({ DATABASE_URL }: Pick<FrontendConfig, 'DATABASE_URL'>) =>
  dataSourceOptions(DATABASE_URL, { entities: [], migrations: [CreateStateStore1795715000000] });
