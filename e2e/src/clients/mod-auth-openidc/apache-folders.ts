import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Prints every environment variable of the application on its own line. */
const CLAIMS_PAGE = '<!--#printenv -->';

const PAGES = { 'protected/claims': CLAIMS_PAGE, 'signed-out': 'Signed out' };

/** Creates the folder `site` with the pages that Apache serves. Every user can read it. */
export function makeSite(directory: string): void {
  const site = join(directory, 'site');
  for (const folder of [site, join(site, 'protected')]) {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
  }
  for (const [name, content] of Object.entries(PAGES)) {
    writeFileSync(join(site, name), content);
    chmodSync(join(site, name), 0o644);
  }
}

/**
 * Creates the folder `own` with the given files, and returns its path. Only the user of Apache can read and write it.
 */
export function makeOwnFolder(
  directory: string,
  files: Record<string, string>,
  user?: { uid: number; gid: number },
): string {
  const own = join(directory, 'own');
  mkdirSync(own, { mode: 0o700 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(own, name), content, { mode: 0o600 });
  if (user) for (const name of ['', ...Object.keys(files)]) chownSync(join(own, name), user.uid, user.gid);
  return own;
}
