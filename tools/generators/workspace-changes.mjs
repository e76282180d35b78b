// @ts-check
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flushChanges, FsTree } from 'nx/src/generators/tree.js';
import { npm } from '../prepare.mjs';
import { formatChanges } from './formatting.mjs';
import { Refusal } from './refusal.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */

const execute = promisify(execFile);

/** Returns a view of the workspace that collects changes. @param {string} root @returns {Tree} */
export const openTree = (root) => new FsTree(root, false);

/**
 * Checks that git knows everything in the workspace, so that a generation that fails can be rolled back.
 *
 * @param {string} root
 * @throws Refusal
 */
export function checkClean(root) {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Refusal('This folder is no git repository. Run git init, and commit everything first.');
  if (stdout === '') return;
  const files = stdout.trimEnd().split('\n');
  const some = files.slice(0, 10).join('\n');
  const rest = files.length > 10 ? `\n… and ${files.length - 10} more` : '';
  throw new Refusal(`The working tree has changes. Commit or stash them first:\n${some}${rest}`);
}

/**
 * Writes the changes of a tree, and updates package-lock.json and the links to the packages of the workspace.
 *
 * @param {string} root
 * @param {Tree} tree
 * @param {(what: string) => void} print prints a step
 * @throws Error when a step fails. The changes are on disk by then.
 */
export async function writeChanges(root, tree, print) {
  await formatChanges(tree);
  flushChanges(root, tree.listChanges());
  print('Updating package-lock.json');
  await run(
    root,
    ...npm('install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'),
  );
}

/**
 * Writes the changes of a tree, and regenerates the files that follow from the registry of apps.
 *
 * @param {string} root
 * @param {Tree} tree
 * @param {string[]} built the projects to compile, besides apps that were never compiled
 * @param {(what: string) => void} print prints a step
 * @throws Error when a step fails. The changes are on disk by then.
 */
export async function applyChanges(root, tree, built, print) {
  await writeChanges(root, tree, print);
  print('Building');
  const apps = tree.children('apps').filter((name) => tree.exists(`apps/${name}/app.json`));
  const outdated = apps.map((name) => `apps/${name}`).filter((folder) => isOutdated(join(root, folder)));
  const projects = new Set(['libs/app-registry', ...outdated, ...built]);
  await run(root, process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...projects]);
  print('Updating the compose files, the manifests of Kubernetes and the pages of the documentation');
  const tools = ['compose', 'kubernetes', 'docs/configuration', 'docs/limits'];
  const runs = await Promise.allSettled(tools.map((tool) => run(root, process.execPath, [`tools/${tool}.mjs`])));
  for (const result of runs) if (result.status === 'rejected') throw result.reason;
}

/**
 * Returns whether the compiled files of an app are missing, or older than its sources. The pages of the documentation are written
 * from them. `npm start` compiles everything.
 *
 * @param {string} app its folder
 */
function isOutdated(app) {
  const built = join(app, 'dist', 'config.js');
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  return ['config.ts', 'limits.ts'].some((file) => {
    const source = join(app, 'src', file);
    return existsSync(source) && statSync(source).mtimeMs > mtimeMs;
  });
}

/**
 * Restores a workspace that was clean.
 *
 * @param {string} root
 * @param {string[]} created the files and folders that were created
 */
export function rollBack(root, created) {
  for (const path of created) rmSync(join(root, path), { recursive: true, force: true });
  spawnSync('git', ['checkout', '--quiet', '--', '.'], { cwd: root, stdio: 'inherit' });
  // Each app has a generated file there.
  spawnSync('git', ['clean', '--quiet', '--force', '--', 'deploy/kubernetes'], { cwd: root, stdio: 'inherit' });
}

/** Returns the changes of a tree as a diff. @param {string} root @param {Tree} tree */
export async function describeChanges(root, tree) {
  await formatChanges(tree);
  const folder = mkdtempSync(join(tmpdir(), 'workspace-changes-'));
  try {
    return tree
      .listChanges()
      .map(({ path, type, content }) => {
        const changed = join(folder, 'changed');
        writeFileSync(changed, content ?? '');
        const before = type === 'CREATE' ? '/dev/null' : join(root, path);
        const after = type === 'DELETE' ? '/dev/null' : changed;
        const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-color', before, after], { encoding: 'utf8' });
        return `${type} ${path}\n${stdout.split('\n').slice(4).join('\n')}`;
      })
      .join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} cwd @param {string} command @param {string[]} args */
async function run(cwd, command, args) {
  try {
    await execute(command, args, { cwd, maxBuffer: 16 * 1024 ** 2 });
  } catch (error) {
    const { message, stdout = '', stderr = '' } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error);
    throw new Error(`${message}\n${stdout}${stderr}`, { cause: error });
  }
}
