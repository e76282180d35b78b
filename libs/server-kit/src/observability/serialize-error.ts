/** What the log says of an error. */
export type LoggedError = {
  readonly type: string;
  readonly message: string;
  /** The frames of the stack, without the line that repeats the message. */
  readonly stack: string;
  /** The code of Node, of PostgreSQL (SQLSTATE) or of an OAuth error. */
  readonly code?: string;
  /** The constraint and table of an SQL error. */
  readonly constraint?: string;
  readonly table?: string;
  readonly cause?: LoggedError;
};

const LONGEST_CHAIN = 5;

/** The messages of these quote their input: SQL and its values, or the text that is not JSON. */
const QUOTING =
  /^(QueryFailedError|DatabaseError|error|SyntaxError|Entity\w*Error|PessimisticLock\w*|FindRelations\w*)$/;

/**
 * Returns what the log may say of an error. Only the listed members are copied: errors of the database carry the SQL
 * statement with its parameters and the row that failed, which hold personal data and secrets.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'a value was thrown that is not an Error', stack: '' };
  const type = error.constructor.name || error.name;
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    type,
    message: QUOTING.test(type) ? 'the message is left out, because it may quote the data' : error.message,
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(isWord(code) && { code }),
    ...(isWord(constraint) && { constraint }),
    ...(isWord(table) && { table }),
    ...(error.cause !== undefined && depth < LONGEST_CHAIN && { cause: serializeError(error.cause, depth + 1) }),
  };
}

/** A short name without spaces: no value of a row looks like it by accident. */
const isWord = (value: unknown): value is string => typeof value === 'string' && /^\w{1,100}$/.test(value);

/** Formats an error for the text of a log line, with no more than {@link serializeError} says. */
export function describeError(error: unknown): string {
  const { type, message, code } = serializeError(error);
  return `${type}${code === undefined ? '' : ` (${code})`}: ${message}`;
}
