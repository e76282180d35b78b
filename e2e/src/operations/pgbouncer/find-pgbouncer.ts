import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const OLDEST = [1, 21] as const;

/**
 * Returns the path of the pgbouncer named in `PGBOUNCER_PATH`, or of one in a usual place. Undefined when there is none, or
 * when it is older than 1.21, which keeps no prepared statements in transaction pooling.
 */
export function findPgbouncer(): string | undefined {
  const { PGBOUNCER_PATH, PATH = '' } = process.env;
  const usualPaths = [...PATH.split(delimiter), '/usr/sbin', '/usr/local/sbin'].map((folder) =>
    join(folder, 'pgbouncer'),
  );
  return (PGBOUNCER_PATH ? [PGBOUNCER_PATH] : usualPaths).find(isRecent);
}

function isRecent(program: string): boolean {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = (/^pgbouncer (\d+)\.(\d+)/i.exec(stdout ?? '') ?? []).map(Number);
  if (major === undefined || minor === undefined) return false;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
