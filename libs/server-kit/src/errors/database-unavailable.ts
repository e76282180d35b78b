import { isNativeError } from 'node:util/types';

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE']);
// 08…: connection exceptions. 57P0x: shutdown and start-up. 57014: statement timeout. 53300: too many connections
// (PostgreSQL Appendix A).
const SQL_STATES = /^(08|57P0|57014|53300)/;
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|^timeout expired$|Connection terminated|Client has encountered a connection error|Cannot use a pool after|Query read timeout|not queryable|DataSource is not (set|initialized)/i;

/** Returns whether an error means that the database cannot be reached, and not that it refused a statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Not `instanceof`: in a vm context, such as that of Jest, network errors of Node belong to another realm.
  if (!isNativeError(error)) return false;
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === 'string' && (CONNECTION_CODES.has(code) || SQL_STATES.test(code))) return true;
  if (DRIVER_MESSAGES.test(error.message)) return true;
  // TypeORM wraps the error of its driver. `cause` is not followed, because it may be the error of another server.
  return 'driverError' in error && isDatabaseUnavailable(error.driverError);
}
