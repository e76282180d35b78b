// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root, step } from './prepare.mjs';

endWithParent();
// Whatever ends this process, the last line is the count.
let last = '0 passed, 1 failed';
process.once('exit', () => console.log(`\n${last}`));

prepare();
step('Testing');

const folder = mkdtempSync(join(tmpdir(), 'trefoil-results-'));
const resultFile = join(folder, 'results.json');
const jest = spawn(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
    ...process.argv.slice(2),
  ],
  // Jest reports to stderr: here the report is what was asked for.
  { cwd: root, env: { ...process.env, TEST_RESULT_FILE: resultFile }, stdio: ['ignore', 'inherit', 1] },
);
// A terminal sends its Ctrl-C to jest as well; the others are passed on. Either way jest's end is awaited.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => jest.kill(signal));

jest.once('exit', (code) => void report(code ?? 1));

/** @param {number} code */
async function report(code) {
  await tellSkipped();
  const { passed, failed, skipped } = readResults();
  last = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  process.exitCode = code || (failed ? 1 : 0);
}

/** Says which tests found nothing to run with. */
async function tellSkipped() {
  /** @param {string} path */
  const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
  const { findChromium } = await load('libs/testing/dist/find-chromium.js');
  const { findAuthlib } = await load('e2e/dist/clients/authlib/find-authlib.js');
  const { findApache } = await load('e2e/dist/clients/mod-auth-openidc/find-apache.js');
  if (!findChromium()) {
    console.log('\nThe browser tests were skipped: no Chromium was found (install one, or name it in CHROMIUM_PATH).');
  }
  if (!findAuthlib()) {
    console.log('\nThe tests with Authlib were skipped: Debian has it as python3-authlib, with python3-requests.');
  }
  if (!findApache()) {
    console.log('\nThe tests with mod_auth_openidc were skipped: Debian has it as libapache2-mod-auth-openidc.');
  }
}

/** @returns {{ passed: number, failed: number, skipped: number }} */
function readResults() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    console.log('\nThe tests ended before they had a result, which counts as a failure.');
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
