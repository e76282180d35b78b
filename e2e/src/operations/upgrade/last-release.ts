import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The last release of Trefoil, from which an upgrade is promised. A release changes this constant (docs/operations.md). */
export const LAST_RELEASE = {
  version: '0.1.0',
  /** The commit of this repository that was released. */
  commit: 'd9c5130d63e9cbaa3e0080f42e7a5847c22a2c6f',
  /** Whether its servers start on a database that has later migrations. Release 0.1.0 refuses it; later releases accept it. */
  startsOnNewerSchema: false,
};

/** The workspace of this version. */
export const workspace = fileURLToPath(new URL('../../../..', import.meta.url));

const isWanted = process.env.TEST_UPGRADE === 'true';

/** Whether the test of an upgrade runs: it is wanted, because it builds the last release, and git has its commit. */
export const hasLastRelease =
  isWanted &&
  spawnSync('git', ['cat-file', '-e', `${LAST_RELEASE.commit}^{tree}`], { cwd: workspace, stdio: 'ignore' }).status ===
    0;

if (isWanted && !hasLastRelease) {
  process.stderr.write(
    `The test of an upgrade is skipped: git does not have the commit of release ${LAST_RELEASE.version}. Fetch the whole history: git fetch --unshallow\n`,
  );
}
