import { randomBytes } from 'node:crypto';
import { runTrefoil } from '../commands/run-trefoil.js';
import type { Terminal } from '../commands/terminal.js';

/** Describes the terminal, and the user or script in front of it. */
export interface TerminalOptions {
  /** The replies to the questions, in order. Without replies the terminal is not interactive. */
  readonly replies?: readonly string[];
  /** The standard input. */
  readonly input?: string;
  /** Receives the whole output after each write. Returning true interrupts the command. */
  readonly interruptWhen?: (written: string) => boolean;
}

/** The result of a command. */
export interface CommandResult {
  readonly exitCode: number;
  /** The standard output. */
  readonly out: string;
  /** The standard output as JSON; undefined if it is not JSON. */
  readonly json: unknown;
  /** The standard error output, including the questions. */
  readonly notes: string;
}

/** Returns new secrets for a provider under test and its commands. */
export const sharedSecrets = (): Record<string, string> => ({
  ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
  GRANT_KEY: randomBytes(32).toString('base64url'),
});

/** Runs `trefoil` with arguments and environment variables. */
export async function trefoil(
  environment: Record<string, string>,
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<CommandResult> {
  const replies = [...(options.replies ?? [])];
  const interrupted = new AbortController();
  let out = '';
  let notes = '';
  const terminal: Terminal = {
    isInteractive: options.replies !== undefined,
    columns: undefined,
    interrupted: interrupted.signal,
    write: (text) => {
      out += text;
      if (options.interruptWhen?.(out)) interrupted.abort();
    },
    note: (text) => void (notes += text),
    ask: async (question) => {
      notes += question;
      const reply = replies.shift();
      if (reply === undefined) throw new Error(`The test has no reply to the question: ${question}`);
      return reply;
    },
    readInput: async () => options.input ?? '',
  };
  const exitCode = await runTrefoil(args, terminal, async () => environment);
  return { exitCode, out, notes, json: readJson(out) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
