import type { Answer } from './answer.js';
import { CommandError } from './exit-code.js';
import type { Installation } from './installation.js';
import type { Terminal } from './terminal.js';

/** The variables that describe an installation; asked for only when a command needs them. */
export type FindEnvironment = () => Promise<NodeJS.ProcessEnv>;

/** What each command is given to act with. */
export interface CommandTools {
  readonly terminal: Terminal;
  /** Does the work of a command on the installation, and prints its answer. */
  readonly act: (options: { json?: true }, work: (installation: Installation) => Promise<Answer>) => Promise<void>;
  /** Opens the installation for work that prints as it goes. */
  readonly withInstallation: <T>(work: (installation: Installation) => Promise<T>) => Promise<T>;
  /**
   * Asks whether to go on, unless that was said already.
   *
   * @throws CommandError when the answer is no, or there is nobody to ask.
   */
  readonly confirm: (question: string, options: { yes?: true }) => Promise<void>;
}

export function commandTools(terminal: Terminal, findEnvironment: FindEnvironment): CommandTools {
  async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
    // What reads the command line and shows help starts without the weight of the model.
    const { openInstallation } = await import('./installation.js');
    const installation = await openInstallation(await findEnvironment());
    try {
      return await work(installation);
    } finally {
      await installation.close();
    }
  }
  return {
    terminal,
    withInstallation,
    act: (options, work) =>
      withInstallation(async (installation) => {
        const { json, text } = await work(installation);
        terminal.write(`${options.json ? JSON.stringify(json, null, 2) : text}\n`);
      }),
    confirm: async (question, { yes }) => {
      if (yes) return;
      if (!terminal.isInteractive) {
        throw new CommandError('not-confirmed', `${question} There is nobody to ask here: say --yes to do it.`);
      }
      const reply = await terminal.ask(`${question} [y/N] `);
      if (!/^y(es)?$/i.test(reply.trim())) throw new CommandError('not-confirmed', 'Nothing was changed.');
    },
  };
}
