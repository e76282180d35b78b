import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readInput } from './read-input.js';

/** The terminal at which a command was typed. */
export interface Terminal {
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
  /** The width in characters; undefined when the output is not a terminal. */
  readonly columns: number | undefined;
  /** Aborted by Ctrl-C, or when the reader of the output has gone. */
  readonly interrupted: AbortSignal;
  /** Writes to standard output: the answer. */
  write(text: string): void;
  /** Writes to standard error: questions, notes, errors. */
  note(text: string): void;
  /** Asks a question and returns the typed line. With `hidden` the typed characters are not shown. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  /** Reads standard input to its end. */
  readInput(): Promise<string>;
}

/** Returns the terminal of this process, or its pipes. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  // The reader of a pipe may end first, as in `trefoil events tail | head`. That is not an error.
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
  // Readline echoes typed characters to its output. For a secret it gets an output that discards them.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
  if (hidden) stderr.write(question);
  // Readline swallows Ctrl-C, so it is raised again as a signal.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question(hidden ? '' : question, { signal });
  } finally {
    lines.close();
    if (hidden) stderr.write('\n');
  }
}
