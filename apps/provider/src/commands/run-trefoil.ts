import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandList } from './command-list.js';
import { commandTools, type FindEnvironment } from './command-tools.js';
import { EXIT_CODE } from './exit-code.js';
import { failureOf } from './failure.js';
import type { Terminal } from './terminal.js';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not confirmed, 5 conflict.
More: docs/commands.md`;

/**
 * Runs one command of the command line.
 *
 * @param args the arguments after the name of the program.
 * @returns the exit code (see `EXIT_CODE`).
 */
export async function runTrefoil(
  args: readonly string[],
  terminal: Terminal,
  findEnvironment: FindEnvironment,
): Promise<number> {
  const program = new Command('trefoil')
    .description('Administers a Trefoil installation through its database. No server needs to run.')
    .addHelpText('after', EXIT_CODES);
  for (const command of commandList(commandTools(terminal, findEnvironment))) program.addCommand(command);
  attach(program, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT_CODE.done;
  } catch (error) {
    // Commander has already printed what is wrong with the command line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.done : EXIT_CODE.usage;
    if (terminal.interrupted.aborted) return INTERRUPTED;
    const failure = failureOf(error);
    const isJson = args.includes('--json');
    terminal.note(
      isJson ? `${JSON.stringify({ error: failure.outcome, message: failure.message })}\n` : `${failure.message}\n`,
    );
    return EXIT_CODE[failure.outcome];
  }
}

/** The exit code that shells use for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Directs the output of a command and its subcommands to the terminal, and makes them throw instead of exiting. */
function attach(command: CommandUnknownOpts, terminal: Terminal): void {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for more)')
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.note(text),
      getOutHelpWidth: () => terminal.columns ?? 100,
      getErrHelpWidth: () => terminal.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const below of command.commands) attach(below, terminal);
}
