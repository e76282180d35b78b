import {
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  RunRecord,
  unprivilegedUser,
  waitUntil,
} from '@trefoil/local-stack';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apacheConfiguration, type Directives } from './apache-configuration.js';
import { makeOwnFolder, makeSite } from './apache-folders.js';
import type { ApacheInstallation } from './find-apache.js';

/** The settings of an {@link Apache}. */
export interface ApacheRequest {
  /** The port on the loopback interface. */
  port: number;
  /** The directives of mod_auth_openidc. */
  openid: Directives;
  /** Files in the folder `${own}`, in which Apache may also write. */
  files?: Record<string, string>;
}

/** An Apache with mod_auth_openidc. It runs in its own process and its own temporary directory. */
export class Apache {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    private readonly record: RunRecord,
  ) {}

  /**
   * Starts Apache and waits until it responds.
   *
   * @throws Error with the log of Apache when it does not start.
   */
  static async start(installation: ApacheInstallation, request: ApacheRequest): Promise<Apache> {
    const { port, openid, files = {} } = request;
    const directory = await makeTemporaryDirectory();
    const user = unprivilegedUser();
    makeSite(directory);
    const own = makeOwnFolder(directory, files, user);
    const configuration = join(directory, 'apache.conf');
    writeFileSync(configuration, apacheConfiguration({ ...installation, directory, port, user, openid }));
    // With this record, a later run can end Apache when this test run is killed.
    const record = await RunRecord.open(join(directory, 'run.json'), () => {});
    const log = openSync(join(directory, 'apache.log'), 'a', 0o600);
    const child = spawn(installation.server, ['-f', configuration, '-DFOREGROUND'], {
      // Without the proxy variables, so that Apache connects to the provider directly.
      env: { PATH: process.env.PATH, TMPDIR: own },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    record.add(child.pid ?? 0);
    const apache = new Apache(child, directory, record);
    try {
      await apache.untilReady(`http://localhost:${port}/signed-out`);
      return apache;
    } catch (error) {
      await apache.stop();
      throw error;
    }
  }

  /** Stops Apache and removes its directory. */
  async stop(): Promise<void> {
    if (!this.hasEnded) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    this.record.close();
    removeTemporaryDirectory(this.directory);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilReady(url: string): Promise<void> {
    const answers = async () => {
      const status = await fetch(url)
        .then(({ ok }) => ok)
        .catch(() => false);
      return this.hasEnded || status;
    };
    await waitUntil(answers, { timeout: 20_000 });
    if (!this.hasEnded && (await answers())) return;
    const log = readFileSync(join(this.directory, 'apache.log'), 'utf8');
    throw new Error(`Apache did not start. Its log:\n\n${log}`);
  }
}
