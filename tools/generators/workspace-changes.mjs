// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flushChanges, FsTree } from 'nx/src/generators/tree.js';
import { npm } from '../prepare.mjs';
import { formatChanges } from './formatting.mjs';
import { Refusal } from './refusal.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */

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
  run(root, ...npm('install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'));
}

/**
 * Writes the changes of a tree, and regenerates the files that follow from the registry of apps.
 *
 * @param {string} root
 * @param {Tree} tree
 * @param {string[]} built the projects to compile, besides the apps
 * @param {(what: string) => void} print prints a step
 * @throws Error when a step fails. The changes are on disk by then.
 */
export async function applyChanges(root, tree, built, print) {
  await writeChanges(root, tree, print);
  print('Building');
  const apps = tree.children('apps').filter((name) => tree.exists(`apps/${name}/app.json`));
  const projects = ['libs/app-registry', ...apps.map((name) => `apps/${name}`), ...built];
  run(root, process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...projects]);
  print('Updating the compose files, the manifests of Kubernetes and the pages of the documentation');
  for (const tool of ['compose', 'kubernetes']) run(root, process.execPath, [`tools/${tool}.mjs`]);
  for (const page of ['configuration', 'limits']) run(root, process.execPath, [`tools/docs/${page}.mjs`]);
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
function run(cwd, command, args) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${[command, ...args].join(' ')} failed. ${error?.message ?? signal ?? ''}\n${stdout}${stderr}`);
}
