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

export interface ApacheRequest {
  /** Of the loopback interface. */
  port: number;
  /** What mod_auth_openidc is told. */
  openid: Directives;
  /** Files that it finds in the folder `${own}`, where it may also write. */
  files?: Record<string, string>;
}

/** An Apache with mod_auth_openidc: a relying party written in C, in a process and a directory of its own. */
export class Apache {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    private readonly record: RunRecord,
  ) {}

  /** Starts it; throws with its log when it does not get ready. */
  static async start(installation: ApacheInstallation, request: ApacheRequest): Promise<Apache> {
    const { port, openid, files = {} } = request;
    const directory = await makeTemporaryDirectory();
    const user = unprivilegedUser();
    makeSite(directory);
    const own = makeOwnFolder(directory, files, user);
    const configuration = join(directory, 'apache.conf');
    writeFileSync(configuration, apacheConfiguration({ ...installation, directory, port, user, openid }));
    // What a killed test run leaves running is ended by the record.
    const record = await RunRecord.open(join(directory, 'run.json'), () => {});
    const log = openSync(join(directory, 'apache.log'), 'a', 0o600);
    const child = spawn(installation.server, ['-f', configuration, '-DFOREGROUND'], {
      // Nothing of a proxy: the provider is reached directly.
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
    throw new Error(`Apache did not get ready. Its log:\n\n${log}`);
  }
}
