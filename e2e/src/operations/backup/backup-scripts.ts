import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The exit code of a script and its output. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs the backup and restore scripts of `deploy/postgres` against servers. */
export class BackupScripts {
  /**
   * @param programs the directory with the client programs of PostgreSQL.
   * @param backups the directory of the backups.
   */
  constructor(
    private readonly programs: string,
    readonly backups: string,
  ) {}

  backup(adminUrl: string, environment: Record<string, string> = {}): Promise<ScriptResult> {
    return this.run('backup.sh', adminUrl, [], environment);
  }

  restore(adminUrl: string, ...names: string[]): Promise<ScriptResult> {
    return this.run('restore.sh', adminUrl, names, {});
  }

  private run(script: string, adminUrl: string, args: string[], more: Record<string, string>): Promise<ScriptResult> {
    const { hostname, port, username, password } = new URL(adminUrl);
    const env = {
      PATH: `${this.programs}:${process.env.PATH ?? ''}`,
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: decodeURIComponent(password),
      BACKUPS: this.backups,
      ...more,
    };
    const file = fileURLToPath(new URL(`../../../../deploy/postgres/${script}`, import.meta.url));
    return new Promise((resolve) => {
      const child = execFile('bash', [file, ...args], { env }, (_error, out, errors) =>
        resolve({ exitCode: child.exitCode ?? -1, out, errors }),
      );
    });
  }
}
