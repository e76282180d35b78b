/** What a command ends with, for scripts; stable, and told by `docs/commands.md`. */
export const EXIT_CODE = {
  done: 0,
  /** It could not be done: the database is down, the configuration is not usable. */
  failed: 1,
  /** The command line is not one that is understood, or a value in it is refused. */
  usage: 2,
  /** What it names does not exist. */
  'not-found': 3,
  /** It was not confirmed. */
  'not-confirmed': 4,
  /** What it would make exists, or what it acts on is not in a state for it. */
  conflict: 5,
} as const;

export type Outcome = keyof typeof EXIT_CODE;

/** Why a command was not done, in words for the person who typed it. */
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
