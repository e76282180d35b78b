import type { QueryConfig } from 'pg';

/** Returns a function that adds values to a statement. PostgreSQL parses it once for each connection, because it has a name. */
export const prepared =
  (name: string, text: string) =>
  (...values: unknown[]): QueryConfig => ({ name: `state-${name}`, text, values });
