import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PostgresBinaries, serverEnvironment } from './postgres-binaries.js';
import type { PostgresHome } from './postgres-home.js';

const execute = promisify(execFile);

/** Creates the cluster of a home if it does not exist: UTF-8, and a password (SCRAM) for every connection. */
export async function createCluster(
  home: PostgresHome,
  binaries: PostgresBinaries,
  { durable }: { durable: boolean },
): Promise<void> {
  if (existsSync(join(home.dataDirectory, 'PG_VERSION'))) return assertSameVersion(home, binaries);
  // Created in another place and renamed when complete, so that an interrupted initdb leaves no incomplete cluster.
  const workDirectory = join(home.directory, 'unfinished');
  const unfinished = join(workDirectory, 'data');
  const passwordFile = join(workDirectory, 'password');
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { mode: 0o700 });
  writeFileSync(passwordFile, createPassword(home), { mode: 0o600 });
  if (home.user) for (const path of [workDirectory, passwordFile]) chownSync(path, home.user.uid, home.user.gid);
  await execute(
    binaries.initdb,
    [
      ...['-D', unfinished, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', ...(await localeProvider(binaries))],
      ...(durable ? [] : ['--no-sync']),
    ],
    { cwd: workDirectory, env: serverEnvironment(), uid: home.user?.uid, gid: home.user?.gid },
  );
  rmSync(home.dataDirectory, { recursive: true, force: true });
  renameSync(unfinished, home.dataDirectory);
  rmSync(workDirectory, { recursive: true });
}

/** Returns the password of the superuser `postgres`. */
export function readPassword(home: PostgresHome): string {
  return readFileSync(passwordFileOf(home), 'utf8');
}

function createPassword(home: PostgresHome): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFileOf(home), password, { mode: 0o600 });
  return password;
}

function passwordFileOf(home: PostgresHome): string {
  return join(home.directory, 'password');
}

/** Returns the options for a locale of PostgreSQL's own, which versions before 17 do not have. */
async function localeProvider({ initdb }: PostgresBinaries): Promise<string[]> {
  const { stdout } = await execute(initdb, ['--version'], { env: serverEnvironment() });
  const [, major] = /(\d+)[.\d]*(?:\s|$)/.exec(stdout) ?? [];
  return Number(major) < 17 ? [] : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

async function assertSameVersion(home: PostgresHome, binaries: PostgresBinaries): Promise<void> {
  const dataVersion = readFileSync(join(home.dataDirectory, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await execute(binaries.postgres, ['--version'], { env: serverEnvironment() });
  const serverVersion = /(\d+)(\.\d+)?\s*$/.exec(stdout.trim())?.[1];
  if (serverVersion === dataVersion) return;
  throw new Error(
    `The data in ${home.dataDirectory} was written by PostgreSQL ${dataVersion}, and this is ${serverVersion}. ` +
      'Delete the data with npm start -- --reset, or install the older version.',
  );
}
