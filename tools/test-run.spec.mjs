// @ts-check
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @type {typeof import('../libs/local-stack/src/index.js')} */
const { findRedis } = await import(new URL('../libs/local-stack/dist/index.js', import.meta.url).href);

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {() => unknown} condition */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a test run', () => {
  /** @type {string} */
  let temporary;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'trefoil-run-'));
    chmodSync(temporary, 0o711);
  });
  afterEach(() => rmSync(temporary, { recursive: true, force: true }));

  /** The process ids of the databases whose data lies in the temporary directory, and of the Redis servers recorded there. */
  const databases = () =>
    readdirSync(temporary, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
      if (file.endsWith('postmaster.pid')) return Number(read(file).split('\n', 1)[0]) || [];
      return file.endsWith('run.json') ? recordedIn(read(file)) : [];
    });

  /** Returns the content of a file; an empty text when it is gone again. @param {string} file */
  function read(file) {
    try {
      return readFileSync(join(temporary, file), 'utf8');
    } catch {
      return '';
    }
  }

  /** @param {string} record @returns {number[]} */
  function recordedIn(record) {
    try {
      return JSON.parse(record).children.map((/** @type {{ pid: number }} */ { pid }) => pid);
    } catch {
      // The record is just being written.
      return [];
    }
  }

  it.each(/** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))(
    'that %s ends leaves no database and no directory behind, and still prints its count',
    async (signal) => {
      /** @type {NodeJS.ProcessEnv} */
      const environment = { ...process.env, TMPDIR: temporary };
      delete environment.DATABASE_URL;
      delete environment.TEST_RUN_OWNER;
      const run = spawn(
        process.execPath,
        ['tools/test.mjs', 'libs/state-store/src/postgres/postgres-rate-limiter.medium.spec.ts'],
        {
          cwd: root,
          env: environment,
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let output = '';
      run.stdout.setEncoding('utf8').on('data', (text) => (output += text));
      const ended = new Promise((resolve) => run.once('close', resolve));
      await until(() => databases().length >= (findRedis() ? 2 : 1) || run.exitCode !== null);
      const started = databases();
      run.kill(signal);
      await ended;
      expect(started.filter(isRunning)).toEqual([]);
      expect(readdirSync(temporary).filter((name) => name.startsWith('trefoil-test-'))).toEqual([]);
      expect(output.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, \d+ failed/);
      expect(existsSync(temporary)).toBe(true);
    },
    120_000,
  );
});
