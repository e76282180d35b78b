import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspace } from './last-release.js';

const run = promisify(execFile);

const SCOPE = '@trefoil';
const installed = join(workspace, 'node_modules');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
}

/** The servers of a release, built in a temporary directory. They use the packages of this workspace. */
export class ReleaseTree {
  /** The workspace of the release. */
  readonly root: string;

  private constructor(private readonly directory: string) {
    this.root = join(directory, 'workspace');
  }

  /** Takes the apps and libs of a commit and builds them, which takes half a minute. */
  static async build(commit: string): Promise<ReleaseTree> {
    const tree = new ReleaseTree(realpathSync(mkdtempSync(join(tmpdir(), 'trefoil-release-'))));
    try {
      await tree.extract(commit);
      await tree.linkPackages();
      await tree.installMissingPackages();
      await tree.describeApps();
      const apps = tree.namesIn('apps').map((app) => `apps/${app}`);
      // The release was checked when it was made.
      await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', '--noCheck', ...apps], { cwd: tree.root });
      return tree;
    } catch (error) {
      tree.delete();
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`The release cannot be built. ${stdout}${stderr}`, { cause: error });
    }
  }

  delete(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async extract(commit: string): Promise<void> {
    await mkdir(this.root);
    const archive = join(this.directory, 'release.tar');
    const files = ['apps', 'libs', 'package.json', 'tsconfig.base.json', ':(exclude,glob)**/*.spec.*'];
    await run('git', ['archive', '--output', archive, commit, ...files], { cwd: workspace });
    await run('tar', ['-xf', archive, '-C', this.root]);
  }

  /** Links to the installed packages, and to the libs of the release in place of those of this workspace. */
  private async linkPackages(): Promise<void> {
    const packages = join(this.root, 'node_modules');
    await mkdir(join(packages, SCOPE), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== SCOPE && !name.startsWith('.')) await symlink(join(installed, name), join(packages, name));
    }
    for (const { name, folder } of this.manifests()) await symlink(folder, join(packages, name));
  }

  /** Installs the packages that only the release uses. They are found in the directory above its workspace. */
  private async installMissingPackages(): Promise<void> {
    const needed = this.manifests().flatMap(({ dependencies = {} }) => Object.entries(dependencies));
    const missing = needed
      .filter(([name]) => !name.startsWith(`${SCOPE}/`) && !existsSync(join(installed, name)))
      .map(([name, version]) => `${name}@${version}`);
    if (missing.length === 0) return;
    const options = ['--no-package-lock', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', '--prefix', this.directory, ...options, ...new Set(missing)]);
  }

  /** Adds the description of each app with which a stack starts it. Release 0.1.0 has none. */
  private async describeApps(): Promise<void> {
    for (const app of this.namesIn('apps')) {
      const file = join('apps', app, 'app.json');
      if (!existsSync(join(this.root, file))) await copyFile(join(workspace, file), join(this.root, file));
    }
  }

  private manifests(): (Manifest & { folder: string })[] {
    return ['apps', 'libs'].flatMap((parent) =>
      this.namesIn(parent).map((name) => {
        const folder = join(this.root, parent, name);
        return { ...(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest), folder };
      }),
    );
  }

  private namesIn(folder: string): string[] {
    return readdirSync(join(this.root, folder));
  }
}
