import { QueryFailedError } from 'typeorm';

/** The code of PostgreSQL for a value that a unique index holds already. */
const UNIQUE_VIOLATION = '23505';

/** Returns whether an error reports that a row has a value that must be unique and another row has already. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === UNIQUE_VIOLATION;
