import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readInput } from './read-input.js';

/** Where a command is typed and answered: what it knows of the world but for the installation. */
export interface Terminal {
  /** Whether a person sits there who can be asked. */
  readonly isInteractive: boolean;
  /** How many characters a line of the answer may have; undefined when nobody reads it as lines. */
  readonly columns: number | undefined;
  /** Aborted when the person has had enough (Ctrl-C), or nobody reads the answer any more. */
  readonly interrupted: AbortSignal;
  /** Writes what was asked for. */
  write(text: string): void;
  /** Writes what is said beside it: questions, notes, errors. */
  note(text: string): void;
  /** Asks, and gives what was typed; it cannot be seen when it is `hidden`. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  /** Everything that comes in at standard input. */
  readInput(): Promise<string>;
}

/** The terminal, or the pipes, of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  // A pipe whose reader has gone (`trefoil events tail | head`) is no fault.
  stdout.on('error', interrupt);
  stderr.on('error', interrupt);
  return {
    isInteractive: stdin.isTTY && stderr.isTTY,
    columns: stdout.isTTY ? stdout.columns : undefined,
    interrupted: interrupted.signal,
    write: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    ask: (question, { hidden = false } = {}) => ask(question, hidden, interrupted.signal),
    readInput: () => readInput(stdin, interrupted.signal),
  };
}

async function ask(question: string, hidden: boolean, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  // Readline echoes what is typed to its output, so for a secret it gets one that shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
  if (hidden) stderr.write(question);
  // Readline takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question(hidden ? '' : question, { signal });
  } finally {
    lines.close();
    if (hidden) stderr.write('\n');
  }
}
