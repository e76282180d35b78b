import type { MigrationInterface } from 'typeorm';
import { CreateContacts1795305600000 } from './migrations/1795305600000-create-contacts.js';
import { CreateStateStore1795478400000 } from './migrations/1795478400000-create-state-store.js';
import { AddStateFeeds1795564800000 } from './migrations/1795564800000-add-state-feeds.js';

/** The migrations of the last release. They never change. */
export const RELEASED_MIGRATIONS = [
  CreateContacts1795305600000,
  CreateStateStore1795478400000,
  AddStateFeeds1795564800000,
];

/** The migrations since then. They only add to the schema, because servers of the last release use it during an upgrade. */
export const NEW_MIGRATIONS: (new () => MigrationInterface)[] = [];
