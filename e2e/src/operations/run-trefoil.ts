import type { Stack } from '@trefoil/local-stack';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../tools/trefoil.mjs', import.meta.url));

/** The exit code of a command, its output on stdout, and its messages on stderr. */
export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command of `npm run trefoil` against a stack. The process has pipes instead of a terminal. */
export const runTrefoil = ({ environments }: Stack, ...args: string[]): Promise<CommandResult> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environments.provider };
    const child = execFile(process.execPath, [program, ...args], { env }, (_error, out, notes) =>
      resolve({ exitCode: child.exitCode ?? -1, out, notes }),
    );
    child.stdin?.end();
  });
