import { randomBytes } from 'node:crypto';
import { runTrefoil } from '../commands/run-trefoil.js';
import type { Terminal } from '../commands/terminal.js';

/** What a person, or a script, does at the terminal. */
export interface TerminalOptions {
  /** What is typed when asked, in order; somebody sits there when it is given. */
  readonly replies?: readonly string[];
  /** What comes in at standard input. */
  readonly input?: string;
  /** Given what was written so far, whenever something is; true interrupts the command. */
  readonly interruptWhen?: (written: string) => boolean;
}

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, and the JSON that this is. */
  readonly out: string;
  readonly json: unknown;
  /** What it said beside that. */
  readonly notes: string;
}

/** Secrets that a provider under test and its commands share. */
export const sharedSecrets = (): Record<string, string> => ({
  ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
  GRANT_KEY: randomBytes(32).toString('base64url'),
});

/** Runs `trefoil` as a person would, with these environment variables. */
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
      if (reply === undefined) throw new Error(`nobody replies to: ${question}`);
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
