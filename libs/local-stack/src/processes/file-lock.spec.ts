import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';

const built = new URL('../../dist/processes/file-lock.js', import.meta.url).href;

/** A process that takes the lock several times, writes when it enters and leaves, and dies while it holds the lock. */
const program = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  import { withFileLock } from '${built}';
  const [lock, log] = process.argv.slice(1);
  for (let round = 0; round < 3; round++) {
    await withFileLock(lock, async () => {
      appendFileSync(log, process.pid + '\\n');
      await delay(2);
      appendFileSync(log, process.pid + '\\n');
      if (round === 2) process.exit();
    });
  }`;

let directory: string;
let lock: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trefoil-lock-'));
  lock = join(directory, 'lock');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('withFileLock', () => {
  it('lets one process in at a time, also when the lock of a dead one is taken over by several at once', async () => {
    const log = join(directory, 'log');
    const processes = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program, lock, log], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual(processes.map(() => 0));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(6 * 3 * 2);
    // Each process has left before the next one enters.
    const entered = lines.filter((_, index) => index % 2 === 0);
    const left = lines.filter((_, index) => index % 2 === 1);
    expect(left).toEqual(entered);
  });

  it('takes over a lock whose content is not a process', async () => {
    writeFileSync(lock, 'not JSON');
    expect(await withFileLock(lock, () => Promise.resolve('done'))).toBe('done');
  });

  it('frees the lock when the work fails', async () => {
    await expect(withFileLock(lock, () => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed');
    expect(await withFileLock(lock, () => Promise.resolve('done'))).toBe('done');
  });
});
