import type { MigrationInterface } from 'typeorm';
import { CreateStateStore1795715000000 } from './migrations/1795715000000-create-state-store.js';

/** The migrations of the last release. They never change. */
export const RELEASED_MIGRATIONS = [CreateStateStore1795715000000];

/** The migrations since then. They only add to the schema, because servers of the last release use it during an upgrade. */
const NEW_MIGRATIONS: (new () => MigrationInterface)[] = [];

/** The migrations of the frontend, the oldest first. */
export const MIGRATIONS = [...RELEASED_MIGRATIONS, ...NEW_MIGRATIONS];
