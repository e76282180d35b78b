import type { z } from 'zod';
import { databaseUrl } from './variables.js';

/**
 * Returns the environment variables with which an app reaches its PostgreSQL database.
 *
 * @param owner the name of the app in the description, with what its database contains if that needs to be said.
 */
export const databaseVariables = (owner: string) => ({
  DATABASE_URL: databaseUrl().describe(`URL of the PostgreSQL database of the ${owner}`),
  DATABASE_SESSION_URL: databaseUrl()
    .optional()
    .describe(
      'URL at which the same database is reached without a pooler, for work that needs a session of its own: ' +
        'notifications, migrations and commands; that of `DATABASE_URL` when it is not set ([pgbouncer](performance.md#pgbouncer))',
    ),
});

/** The values of {@link databaseVariables}. */
export type DatabaseConfiguration = z.output<z.ZodObject<ReturnType<typeof databaseVariables>>>;

/**
 * Returns the URL for work that needs a session of its own, such as `LISTEN`, session locks, and statements without the time
 * limit of a request. A pooler in transaction mode may send each transaction to another session.
 */
export const databaseSessionUrl = ({ DATABASE_URL, DATABASE_SESSION_URL }: DatabaseConfiguration): string =>
  DATABASE_SESSION_URL ?? DATABASE_URL;
