import { spawnSync } from 'node:child_process';

/** Debian's Python first. Another Python in the path rarely has Debian's packages. */
const interpreters = ['/usr/bin/python3', 'python3'];

/** Ignores the environment variables of Python, and writes no compiled files. */
export const pythonOptions = ['-E', '-B'];

/** Returns the path of a Python 3 that has Authlib and requests. Undefined when there is none. */
export function findAuthlib(): string | undefined {
  return interpreters.find((python) => {
    const imports = 'import authlib.integrations.requests_client';
    return spawnSync(python, [...pythonOptions, '-c', imports], { stdio: 'ignore' }).status === 0;
  });
}
