import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspace } from './last-release.js';

const run = promisify(execFile);

/** The servers of a release, built in a temporary directory with the packages of this workspace. */
export class ReleaseTree {
  private constructor(readonly root: string) {}

  /** Takes the apps and libs of a commit and builds them, which takes most of a minute. */
  static async build(commit: string): Promise<ReleaseTree> {
    const tree = new ReleaseTree(realpathSync(mkdtempSync(join(tmpdir(), 'trefoil-release-'))));
    try {
      await tree.extract(commit);
      await tree.linkPackages();
      await tree.describeApps();
      const apps = readdirSync(join(tree.root, 'apps')).map((app) => `apps/${app}`);
      await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...apps], { cwd: tree.root });
      return tree;
    } catch (error) {
      tree.delete();
      const { stdout = '' } = error as { stdout?: string };
      throw new Error(`The release cannot be built. ${stdout}`, { cause: error });
    }
  }

  delete(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private async extract(commit: string): Promise<void> {
    const archive = join(this.root, 'release.tar');
    const files = ['apps', 'libs', 'package.json', 'tsconfig.base.json', ':(exclude,glob)**/*.spec.*'];
    await run('git', ['archive', '--output', archive, commit, ...files], { cwd: workspace });
    await run('tar', ['-xf', archive, '-C', this.root]);
  }

  /** Links to the installed packages, and to the libs of the release in place of those of this workspace. */
  private async linkPackages(): Promise<void> {
    const [installed, packages] = [join(workspace, 'node_modules'), join(this.root, 'node_modules')];
    await mkdir(join(packages, '@trefoil'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name === '@trefoil' || name.startsWith('.')) continue;
      await symlink(join(installed, name), join(packages, name));
    }
    for (const folder of ['apps', 'libs'].flatMap((parent) => this.foldersIn(parent))) {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string };
      await symlink(folder, join(packages, name));
    }
  }

  /** Adds the description of each app with which a stack starts it. Release 0.1.0 has none. */
  private async describeApps(): Promise<void> {
    for (const app of readdirSync(join(this.root, 'apps'))) {
      const file = join('apps', app, 'app.json');
      if (!existsSync(join(this.root, file))) await copyFile(join(workspace, file), join(this.root, file));
    }
  }

  private foldersIn(parent: string): string[] {
    return readdirSync(join(this.root, parent)).map((name) => join(this.root, parent, name));
  }
}
