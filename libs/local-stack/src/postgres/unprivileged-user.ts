import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The user for programs that refuse to run as root. */
export interface UnprivilegedUser {
  name: string;
  uid: number;
  gid: number;
}

/** Returns the user for programs that refuse to run as root, or undefined when this process does not run as root. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  // Converted to signed 32 bits: macOS prints the ids of nobody as 4294967294, and spawn expects -2.
  const id = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })) | 0;
  return { name: 'nobody', uid: id('-u'), gid: id('-g') };
}

/** Returns whether `user` may enter every existing directory of `path`, including `path` itself. */
export function canReach(user: UnprivilegedUser, path: string): boolean {
  const entry = statSync(path, { throwIfNoEntry: false });
  const open = entry === undefined || (entry.mode & executeBit(user, entry)) !== 0;
  const parent = dirname(path);
  return open && (parent === path || canReach(user, parent));
}

function executeBit(user: UnprivilegedUser, entry: { uid: number; gid: number }): number {
  if (entry.uid === user.uid) return 0o100;
  return entry.gid === user.gid ? 0o010 : 0o001;
}
