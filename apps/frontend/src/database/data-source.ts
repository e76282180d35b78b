import type { MigrationInterface } from 'typeorm';
import { dataSourceOptions } from '@trefoil/server-kit';
import type { FrontendConfig } from '../config.js';
import { CreateStateStore1795715000000 } from './migrations/1795715000000-create-state-store.js';

/** The migrations of the last release. They never change. */
export const RELEASED_MIGRATIONS = [CreateStateStore1795715000000];

/** The migrations since then. They only add to the schema, because servers of the last release use it during an upgrade. */
const NEW_MIGRATIONS: (new () => MigrationInterface)[] = [];

/** The migrations of the frontend, the oldest first. */
export const MIGRATIONS = [...RELEASED_MIGRATIONS, ...NEW_MIGRATIONS];

/** Returns the options with which the migrations of the frontend are run and checked. The server itself uses no TypeORM. */
export const frontendDatabase = ({ DATABASE_URL }: Pick<FrontendConfig, 'DATABASE_URL'>) =>
  dataSourceOptions(DATABASE_URL, { entities: [], migrations: MIGRATIONS });
