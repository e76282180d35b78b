import { QueryFailedError } from 'typeorm';

/** The codes of PostgreSQL for the constraints that a statement may violate. */
const CODES = { unique: '23505', 'foreign key': '23503' } as const;

/** Returns whether an error reports that a statement violates a constraint of a kind. */
export const violates = (constraint: keyof typeof CODES, error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === CODES[constraint];
