import type { Stack } from '@trefoil/local-stack';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../tools/trefoil.mjs', import.meta.url));

/** What a command came to: its exit code, what it printed, and what it said beside it. */
export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs `npm run trefoil` against a stack, as a process with pipes in place of a terminal. */
export const runTrefoil = ({ environments }: Stack, ...args: string[]): Promise<CommandResult> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environments.provider };
    const child = execFile(process.execPath, [program, ...args], { env }, (_error, out, notes) =>
      resolve({ exitCode: child.exitCode ?? -1, out, notes }),
    );
    child.stdin?.end();
  });
