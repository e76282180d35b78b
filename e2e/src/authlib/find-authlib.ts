import { spawnSync } from 'node:child_process';

/** Debian's own first: a Python that somebody put before it in the path seldom has Debian's packages. */
const interpreters = ['/usr/bin/python3', 'python3'];

/** Neither reads what the environment says about Python, nor leaves compiled files behind. */
export const pythonOptions = ['-E', '-B'];

/** A Python 3 that has Authlib and requests. */
export function findAuthlib(): string | undefined {
  return interpreters.find((python) => {
    const imports = 'import authlib.integrations.requests_client';
    return spawnSync(python, [...pythonOptions, '-c', imports], { stdio: 'ignore' }).status === 0;
  });
}
