import {
  type DatabaseUrls,
  freePort,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  RunRecord,
  unprivilegedUser,
  waitUntil,
} from '@trefoil/local-stack';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findPgbouncer } from './find-pgbouncer.js';

const START_MILLISECONDS = 20_000;
const ADMIN = 'pgbouncer';

/** A pgbouncer on 127.0.0.1, with the settings of a guide. */
export class Pgbouncer {
  private readonly adminPassword = randomBytes(24).toString('base64url');
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly record: RunRecord,
  ) {}

  /**
   * Starts a pgbouncer.
   *
   * @param settings the sections `[databases]` and `[pgbouncer]`. Lines of the test are added to the latter, which must be last.
   * @param databaseUrls the databases, with the users and passwords that pgbouncer accepts.
   */
  static async start(settings: string, databaseUrls: DatabaseUrls): Promise<Pgbouncer> {
    const directory = await makeTemporaryDirectory();
    const record = await RunRecord.open(join(directory, 'run.json'), () => {});
    const pgbouncer = new Pgbouncer(directory, await freePort(), record);
    try {
      await pgbouncer.run(settings, databaseUrls);
      return pgbouncer;
    } catch (error) {
      await pgbouncer.stop();
      throw error;
    }
  }

  /** Returns the URL of a database through this pgbouncer. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** Runs a command of the administration console, such as `SHOW POOLS`. Returns the rows. */
  async show(command: string): Promise<Record<string, unknown>[]> {
    const { port, adminPassword: password } = this;
    const client = new pg.Client({ host: '127.0.0.1', port, user: ADMIN, password, database: 'pgbouncer' });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(command)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    this.record.close();
    removeTemporaryDirectory(this.directory);
  }

  private async run(settings: string, databaseUrls: DatabaseUrls): Promise<void> {
    const log = openSync(join(this.directory, 'pgbouncer.log'), 'w', 0o600);
    const user = unprivilegedUser();
    const child = spawn(findPgbouncer() ?? '', [this.writeSettings(settings, databaseUrls)], {
      // It refuses to run as root.
      uid: user?.uid,
      gid: user?.gid,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    this.record.add(child.pid ?? 0);
    const isReady = () =>
      this.show('SHOW VERSION').then(
        () => true,
        () => child.exitCode !== null,
      );
    const inTime = await waitUntil(isReady, { timeout: START_MILLISECONDS });
    if (inTime && child.exitCode === null) return;
    throw new Error(`pgbouncer did not start:\n${readFileSync(join(this.directory, 'pgbouncer.log'), 'utf8')}`);
  }

  /** Writes the files of pgbouncer. Returns the path of its configuration. */
  private writeSettings(settings: string, databaseUrls: DatabaseUrls): string {
    const users = join(this.directory, 'users.txt');
    const passwords = Object.values(databaseUrls).map((url) => new URL(url));
    const lines = [
      [ADMIN, this.adminPassword],
      ...passwords.map(({ username, password }) => [username, decodeURIComponent(password)]),
    ].map(([name, password]) => `"${name}" "${password}"`);
    const ini = join(this.directory, 'pgbouncer.ini');
    const own = {
      listen_addr: '127.0.0.1',
      listen_port: this.port,
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: users,
      admin_users: ADMIN,
      default_pool_size: 2,
    };
    const added = Object.entries(own).map(([name, value]) => `${name} = ${value}`);
    this.write(users, lines);
    this.write(ini, [settings, ...added]);
    return ini;
  }

  /** Writes a file that only the user of pgbouncer can read. */
  private write(file: string, lines: readonly string[]): void {
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    const user = unprivilegedUser();
    if (user) chownSync(file, user.uid, user.gid);
  }
}
