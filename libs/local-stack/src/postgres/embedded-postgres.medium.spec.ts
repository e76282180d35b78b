import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { createDatabases } from './databases.js';
import { startPostgres, type RunningPostgres } from './embedded-postgres.js';
import { findProcess } from '../processes/process-table.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../stack/temporary-directory.js';
import { waitUntil } from '../processes/wait-until.js';

let temporary: string;
let directory: string;
let running: RunningPostgres[] = [];
const launchers: ChildProcess[] = [];

beforeAll(async () => {
  temporary = await makeTemporaryDirectory();
});

// One cluster serves all tests, because creating one takes a second. Tests that need a new one use another directory.
beforeEach(() => {
  directory = join(temporary, 'postgres');
});

afterEach(async () => {
  for (const launcher of launchers.splice(0)) {
    launcher.kill('SIGKILL');
    if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, 'exit');
  }
  for (const postgres of running) await postgres.stop();
  running = [];
});

afterAll(() => removeTemporaryDirectory(temporary));

async function start(log?: (line: string) => void): Promise<RunningPostgres> {
  const postgres = await startPostgres({ directory, durable: false, log });
  running.push(postgres);
  return postgres;
}

/** Starts the same cluster in another process, as `npm start` would. Resolves with the port of the server. */
async function startElsewhere(): Promise<{ launcher: ChildProcess; port: number }> {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    const { startPostgres } = await import(${JSON.stringify(built)});
    const { port } = await startPostgres({ directory: ${JSON.stringify(directory)}, durable: false });
    process.stdout.write(port + "\\n");
    process.on('SIGTERM', () => process.exit());
    setInterval(() => {}, 1e6);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  launchers.push(launcher);
  const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
  return { launcher, port: Number(line) };
}

async function query<T extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function accepts(connectionString: string): Promise<boolean> {
  return query(connectionString, 'SELECT').then(
    () => true,
    () => false,
  );
}

const serverPid = async (url: string): Promise<number> => {
  const [row] = await query<{ pid: number }>(
    url,
    "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid",
  );
  return row?.pid ?? 0;
};

describe('startPostgres', () => {
  it('keeps data, password and port between starts', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE leaves (count integer)');
    await first.stop();
    expect(await accepts(first.adminUrl)).toBe(false);

    const second = await start();
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'SELECT * FROM leaves')).toEqual([]);
  });

  it('chooses another port if its last port is taken', async () => {
    const first = await start();
    await first.stop();
    const { createServer } = await import('node:net');
    const usurper = createServer().listen(first.port, '127.0.0.1');
    await once(usurper, 'listening');
    try {
      expect((await start()).port).not.toBe(first.port);
    } finally {
      usurper.close();
    }
  });

  it('requires the password, which only its owner may read', async () => {
    const postgres = await start();
    expect(await accepts(postgres.adminUrl.replace(/:[^:@]+@/, ':wrong@'))).toBe(false);
    expect(statSync(join(postgres.directory, 'password')).mode & 0o777).toBe(0o600);
  });

  it('sorts letters beyond ASCII and changes their case', async () => {
    const postgres = await start();
    const [row] = await query<{ found: boolean }>(
      postgres.adminUrl,
      "SELECT 'ÉMILE ΣΟΦΊΑ' ILIKE 'émile σοφία' AS found",
    );
    expect(row?.found).toBe(true);
  });

  it('stops when the process that started it exits', async () => {
    const { launcher } = await startElsewhere();
    const { adminUrl, adopted, stop } = await start();
    expect(adopted).toBe(true);
    const pid = await serverPid(adminUrl);
    await stop();
    expect(findProcess(pid)).toBeDefined();
    launcher.kill('SIGTERM');
    expect(await waitUntil(() => findProcess(pid) === undefined, { timeout: 10_000 })).toBe(true);
  });

  it('is used by the next process after its launcher was killed, and stops with that process', async () => {
    const { launcher, port } = await startElsewhere();
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');

    const postgres = await start();
    expect(postgres).toMatchObject({ port, adopted: true });
    await postgres.stop();
    await postgres.ended;
    expect(await accepts(postgres.adminUrl)).toBe(false);
  });

  it('starts once when two processes start it at the same time', async () => {
    directory = join(temporary, 'simultaneous');
    const [here, { port }] = await Promise.all([start(), startElsewhere()]);
    expect(here.port).toBe(port);
  });

  it('starts again after the server itself was killed', async () => {
    const first = await start();
    process.kill(await serverPid(first.adminUrl), 'SIGKILL');
    await first.ended;
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await accepts(second.adminUrl)).toBe(true);
  });

  it('ignores a postmaster.pid whose process id now belongs to another program', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(first.directory, 'data', 'postmaster.pid'),
      `${process.pid}\n${first.directory}/data\n0\n1\n\n\n\nready\n`,
    );
    expect((await start()).adopted).toBe(false);
  });

  it('completes a first start that was interrupted', async () => {
    directory = join(temporary, 'interrupted');
    mkdirSync(join(directory, 'nursery', 'data'), { recursive: true });
    writeFileSync(join(directory, 'nursery', 'data', 'PG_VERSION'), '18');
    expect(await accepts((await start()).adminUrl)).toBe(true);
  });

  it('names both versions when another version of PostgreSQL wrote the data', async () => {
    const { stop, directory: home } = await start();
    await stop();
    const versionFile = join(home, 'data', 'PG_VERSION');
    const version = readFileSync(versionFile);
    writeFileSync(versionFile, '12\n');
    await expect(start()).rejects.toThrow(/was written by PostgreSQL 12, and this is \d\d. Delete the data/);
    writeFileSync(versionFile, version);
  });

  (process.getuid?.() === 0 ? it : it.skip)(
    'as root, moves out of a directory its user cannot enter, and says so',
    async () => {
      const closed = join(temporary, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      directory = join(closed, 'postgres');
      const lines: string[] = [];
      const postgres = await start((line) => lines.push(line));
      expect(postgres.directory).not.toBe(directory);
      expect(lines.join()).toContain(postgres.directory);
      await postgres.stop();
      removeTemporaryDirectory(postgres.directory);
    },
  );
});

describe('createDatabases', () => {
  const passwords = { provider: 'p', backend: 'b', frontend: 'f' };

  it('gives each app a database that the others cannot connect to', async () => {
    const { adminUrl } = await start();
    const urls = await createDatabases(adminUrl, passwords);
    await query(urls.provider, 'CREATE TABLE users (id integer)');

    const intruder = new URL(urls.backend);
    for (const database of ['trefoil_provider', 'trefoil_frontend', 'postgres', 'template1']) {
      intruder.pathname = `/${database}`;
      await expect(query(intruder.href, 'SELECT')).rejects.toThrow(`permission denied for database "${database}"`);
    }
  });

  it('keeps existing databases, and changes their passwords', async () => {
    const { adminUrl } = await start();
    const before = await createDatabases(adminUrl, passwords);
    await query(before.provider, 'CREATE TABLE kept (id integer)');
    const after = await createDatabases(adminUrl, { ...passwords, provider: 'changed' });
    expect(await query(after.provider, 'SELECT * FROM kept')).toEqual([]);
    expect(await accepts(before.provider)).toBe(false);
  });
});
