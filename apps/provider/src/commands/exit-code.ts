/** The exit codes of commands. Scripts rely on them, and `docs/commands.md` lists them. */
export const EXIT_CODE = {
  done: 0,
  /** The command failed: the database is down or the configuration is invalid, for example. */
  failed: 1,
  /** The command line cannot be parsed, or a value in it was refused. */
  usage: 2,
  /** The named object does not exist. */
  'not-found': 3,
  /** The confirmation was refused or could not be asked for. */
  'not-confirmed': 4,
  /** The object exists already, or is not in a state that allows the command. */
  conflict: 5,
} as const;

export type Outcome = keyof typeof EXIT_CODE;

/** Reports why a command failed, in words for the person who typed it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly outcome: Exclude<Outcome, 'done'>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const notFound = (message: string): CommandError => new CommandError('not-found', message);

export const wrongUsage = (message: string, options?: ErrorOptions): CommandError =>
  new CommandError('usage', message, options);
