import { isNativeError } from 'node:util/types';

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE']);
// Class 08 is connection exceptions, 57P0x shutdown and start-up, 57014 a statement that took too long, 53300 too many
// connections (PostgreSQL Appendix A).
const SQL_STATES = /^(08|57P0|57014|53300)/;
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after|Query read timeout|not queryable|DataSource is not (set|initialized)/i;

/** Whether an error means that the database cannot be reached, as opposed to a statement it refused. */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Not `instanceof`: a network error of Node is of another realm wherever this runs in a context of its own.
  if (!isNativeError(error)) return false;
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === 'string' && (CONNECTION_CODES.has(code) || SQL_STATES.test(code))) return true;
  if (DRIVER_MESSAGES.test(error.message)) return true;
  // TypeORM wraps what its driver says. Other causes are not followed: another server that is down is not the database.
  return 'driverError' in error && isDatabaseUnavailable(error.driverError);
}
