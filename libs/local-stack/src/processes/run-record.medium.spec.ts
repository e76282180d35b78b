import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, isStillRunning, thisProcess } from './process-table.js';
import { AlreadyRunningError, RunRecord } from './run-record.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../stack/temporary-directory.js';

let directory: string;
let file: string;
const children: ChildProcess[] = [];
const log = () => {};

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  file = join(directory, 'run.json');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  removeTemporaryDirectory(directory);
});

async function spawnIdle(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  children.push(child);
  await once(child, 'spawn');
  return child as ChildProcess & { pid: number };
}

const dead = { pid: 2 ** 22 - 1, startedAt: 'long ago', command: 'node' };

describe('RunRecord', () => {
  it('refuses a second launcher while the first is alive', async () => {
    const launcher = await spawnIdle();
    writeFileSync(file, JSON.stringify({ launcher: findProcess(launcher.pid), children: [] }));
    await expect(RunRecord.open(file, log)).rejects.toThrow(new AlreadyRunningError(launcher.pid));
  });

  it('stops the child processes that a killed launcher left, and no other process with the id of one', async () => {
    const [left, other] = [await spawnIdle(), await spawnIdle()];
    const reused = { ...findProcess(other.pid), startedAt: 'before this process got the id' };
    writeFileSync(file, JSON.stringify({ launcher: dead, children: [findProcess(left.pid), reused] }));
    const ended = once(left, 'exit');
    const record = await RunRecord.open(file, log);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(findProcess(other.pid)).toBeDefined();
    record.close();
  });

  it('starts a new run if the record is incomplete', async () => {
    writeFileSync(file, '{"launcher":{"pid":1');
    (await RunRecord.open(file, log)).close();
  });
});

describe('findProcess', () => {
  it('finds this process, and no process for an unused id', () => {
    expect(isStillRunning(thisProcess())).toBe(true);
    expect(thisProcess().command).toContain('node');
    expect(findProcess(dead.pid)).toBeUndefined();
    expect(findProcess(0)).toBeUndefined();
    expect(findProcess(NaN)).toBeUndefined();
  });
});
