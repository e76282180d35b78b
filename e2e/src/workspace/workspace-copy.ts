import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the workspace with a git repository of its own. */
export interface WorkspaceCopy {
  readonly root: string;
  /** Runs a script with Node, and returns its output. @throws Error with the output when the script fails */
  run(script: string, ...args: string[]): string;
  /** The same, with more environment variables. */
  runWith(environment: Record<string, string>, script: string, ...args: string[]): string;
  write(file: string, text: string): void;
  commit(message: string): void;
  /** Returns what `git status` prints; an empty text when nothing has changed. */
  status(): string;
  /** Returns the files that differ from the first commit, or that git does not know. */
  changesSinceFirstCommit(): string;
  delete(): void;
}

/** Copies the files that git knows, and the compiled ones. The packages are hard links. */
export function copyOfWorkspace(): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'trefoil-workspace-'));
  const git = (...args: string[]) => run(root, {}, 'git', args);
  for (const file of run(workspace, {}, 'git', ['ls-files', '-z', '-co', '--exclude-standard']).split('\0')) {
    if (file === '' || !existsSync(join(workspace, file))) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    // A source that is older than its compiled file is not compiled again.
    cpSync(join(workspace, file), join(root, file), { preserveTimestamps: true });
  }
  const projects = ['apps', 'libs', 'examples'].flatMap((parent) =>
    readdirSync(join(workspace, parent)).map((name) => `${parent}/${name}`),
  );
  for (const project of [...projects, 'e2e']) {
    const dist = join(workspace, project, 'dist');
    if (existsSync(dist)) cpSync(dist, join(root, project, 'dist'), { recursive: true, preserveTimestamps: true });
  }
  run(workspace, {}, 'cp', ['-al', join(workspace, 'node_modules'), join(root, 'node_modules')]);
  // npm writes into this file, which must not be the one of the workspace.
  const installed = join('node_modules', '.package-lock.json');
  rmSync(join(root, installed));
  copyFileSync(join(workspace, installed), join(root, installed));
  git('init', '--quiet');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@example.com');
  const commit = (message: string) => {
    git('add', '--all');
    git('commit', '--quiet', '--no-verify', '--message', message);
  };
  commit('Copy the workspace');
  const first = git('rev-parse', 'HEAD').trim();
  return {
    root,
    run: (script, ...args) => run(root, {}, process.execPath, [script, ...args]),
    runWith: (environment, script, ...args) => run(root, environment, process.execPath, [script, ...args]),
    write: (file, text) => writeFileSync(join(root, file), text),
    commit,
    status: () => git('status', '--porcelain'),
    changesSinceFirstCommit: () => {
      git('add', '--all');
      return git('diff', '--cached', '--name-status', first);
    },
    delete: () => rmSync(root, { recursive: true, force: true }),
  };
}

function run(cwd: string, environment: Record<string, string>, command: string, args: string[]): string {
  // The tests run with conditions and options of their own.
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with exit code ${status}:\n${stdout}${stderr}`);
}
