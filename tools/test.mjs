// @ts-check
// Runs the tests and prints the number of passed and failed tests as the last line: [arguments of jest].
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root, step } from './prepare.mjs';

endWithParent();
// The count is the last line, however this process ends.
let last = '0 passed, 1 failed';
process.once('exit', () => console.log(`\n${last}`));

prepare();
step('Testing');

const folder = mkdtempSync(join(tmpdir(), 'trefoil-results-'));
const resultFile = join(folder, 'results.json');
/** @type {typeof import('../libs/local-stack/src/index.js')} */
const localStack = await import(new URL('../libs/local-stack/dist/index.js', import.meta.url).href);
// Every temporary directory of the run names its owner, so that this process can end what is left in them.
process.env.TEST_RUN_OWNER = JSON.stringify(localStack.thisProcess());

const jest = spawn(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    env: { ...process.env, TEST_RESULT_FILE: resultFile },
    // Jest reports to stderr; the report is the output here.
    stdio: ['ignore', 'inherit', 1],
    // A process group of its own, which can be ended as a whole.
    detached: true,
  },
);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => jest.kill(signal));
}

jest.once('exit', (code) => void end(code ?? 1));

/** Ends what the run has left behind, however jest ended, and reports. @param {number} code */
async function end(code) {
  try {
    if (jest.pid) process.kill(-jest.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
  await localStack.removeOwnTemporaryDirectories();
  await report(code);
}

/** @param {number} code */
async function report(code) {
  await reportSkipped();
  const { passed, failed, skipped } = readResults();
  last = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  process.exitCode = code || (failed ? 1 : 0);
}

/** Prints which tests were skipped because the software that they need is not installed. */
async function reportSkipped() {
  /** @param {string} path */
  const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
  const { findChromium } = await load('libs/testing/dist/find-chromium.js');
  const { findAuthlib } = await load('e2e/dist/clients/authlib/find-authlib.js');
  const { findApache } = await load('e2e/dist/clients/mod-auth-openidc/find-apache.js');
  if (!localStack.findRedis()) {
    console.log(
      '\nThe tests with Redis were skipped. They need the Debian package redis-server, or REDIS_SERVER_PATH.',
    );
  }
  if (!findChromium()) {
    console.log('\nThe browser tests were skipped. They need Chromium: install it, or set CHROMIUM_PATH to its path.');
  }
  if (!findAuthlib()) {
    console.log(
      '\nThe tests with Authlib were skipped. They need the Debian packages python3-authlib and python3-requests.',
    );
  }
  if (!findApache()) {
    console.log(
      '\nThe tests with mod_auth_openidc were skipped. They need the Debian package libapache2-mod-auth-openidc.',
    );
  }
  const { hasNginx } = await load('e2e/dist/examples/gateway.js');
  if (!hasNginx()) {
    console.log('\nThe tests of the gateway were skipped. They need the Debian package nginx-light, or NGINX_PATH.');
  }
  const { findPgbouncer } = await load('e2e/dist/operations/pgbouncer/find-pgbouncer.js');
  if (!findPgbouncer()) {
    console.log(
      '\nThe tests with pgbouncer were skipped. They need pgbouncer 1.21 or later in the PATH, or PGBOUNCER_PATH.',
    );
  }
  if (spawnSync('kubectl', ['kustomize', join(root, 'deploy/kubernetes/overlays/demo')]).status !== 0) {
    console.log('\nThe comparison of the manifests with kubectl was skipped. It needs kubectl 1.21 or later.');
  }
  const { hasDockerEngine } = await load('e2e/dist/operations/compose/compose-project.js');
  if (!hasDockerEngine) {
    console.log('\nThe tests of docker compose were skipped. They need TEST_COMPOSE=true and a Docker engine.');
  }
  const { hasLastRelease } = await load('e2e/dist/operations/upgrade/last-release.js');
  if (!hasLastRelease) {
    console.log(
      '\nThe test of an upgrade was skipped. It needs TEST_UPGRADE=true and the commit of the last release in git.',
    );
  }
}

/** @returns {{ passed: number, failed: number, skipped: number }} */
function readResults() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    console.log('\nThe tests ended without a result, which counts as a failure.');
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
