import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every variable of the environment of the application, one a line. */
const CLAIMS_PAGE = '<!--#printenv -->';

const PAGES = { 'protected/claims': CLAIMS_PAGE, 'signed-out': 'Signed out' };

/** What Apache serves, in the folder `site`: readable by the user that it becomes where root starts it. */
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

/** Where it may write, and finds the files it is given, in the folder `own`: that user's alone. */
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
