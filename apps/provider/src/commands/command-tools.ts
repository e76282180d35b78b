import { CommandError } from './exit-code.js';
import type { InstallationParts } from './installation.module.js';
import type { Installation } from './installation.js';
import type { Terminal } from './terminal.js';

/** The result of a command, as JSON for programs and as text for people. */
export interface Answer {
  /** One JSON value. Its members have the names that the RFCs use, or follow their style (snake_case). */
  readonly json: unknown;
  /** Lines, without a newline at the end. */
  readonly text: string;
}

/** Finds the environment variables that describe an installation. Called only when a command needs them. */
export type FindEnvironment = () => Promise<NodeJS.ProcessEnv>;

/** The functions that every command uses. */
export interface CommandTools {
  readonly terminal: Terminal;
  /**
   * Opens the installation, does the work of a command and prints its answer.
   *
   * @param parts the parts of the provider that the command needs; its records by default.
   */
  readonly act: (
    options: { json?: true },
    work: (installation: Installation) => Promise<Answer>,
    parts?: InstallationParts,
  ) => Promise<void>;
  /** Opens the installation for work that prints as it goes. */
  readonly withInstallation: <T>(work: (installation: Installation) => Promise<T>) => Promise<T>;
  /**
   * Asks for confirmation, unless `--yes` was given.
   *
   * @throws CommandError `not-confirmed` when the answer is no or no terminal is attached.
   */
  readonly confirm: (question: string, options: { yes?: true }) => Promise<void>;
}

/** Builds the tools that all commands share. */
export function commandTools(terminal: Terminal, findEnvironment: FindEnvironment): CommandTools {
  async function withInstallation<T>(
    work: (installation: Installation) => Promise<T>,
    parts?: InstallationParts,
  ): Promise<T> {
    // Loaded on demand, so that help and usage errors do not wait for Nest and TypeORM to load.
    const { openInstallation } = await import('./installation.js');
    const installation = await openInstallation(await findEnvironment(), parts);
    try {
      return await work(installation);
    } finally {
      await installation.close();
    }
  }
  return {
    terminal,
    withInstallation,
    act: (options, work, parts) =>
      withInstallation(async (installation) => {
        const { json, text } = await work(installation);
        terminal.write(`${options.json ? JSON.stringify(json, null, 2) : text}\n`);
      }, parts),
    confirm: async (question, { yes }) => {
      if (yes) return;
      if (!terminal.isInteractive) {
        throw new CommandError('not-confirmed', `${question} No terminal is attached to ask at. Add --yes to confirm.`);
      }
      const reply = await terminal.ask(`${question} [y/N] `);
      if (!/^y(es)?$/i.test(reply.trim())) throw new CommandError('not-confirmed', 'Nothing was changed.');
    },
  };
}
