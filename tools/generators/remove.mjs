// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseRemove } from './command-line.mjs';
import { formatChanges } from './formatting.mjs';
import { Refusal } from './refusal.mjs';
import { applyChanges, describeChanges, openTree } from './workspace-changes.mjs';
import { usersOf } from './workspace-facts.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */

/**
 * Removes what `npm run new` generated. Refuses when its files have changed since, unless `--force` is given.
 *
 * @param {string} root of the workspace
 * @param {string[]} args of the command line
 * @param {(what: string) => void} step prints a step
 * @returns {Promise<number>} the exit code: 0, or 2 when the request was refused
 */
export async function remove(root, args, step) {
  const tree = openTree(root);
  let parsed;
  try {
    parsed = parseRemove(args, tree);
    const users = usersOf(tree, parsed.request.name);
    if (users.length > 0)
      throw new Refusal(`${parsed.request.name} is used by ${users.join(' and ')}. Remove what uses it first.`);
    const changed = parsed.force ? [] : await changedFiles(root, parsed);
    if (changed.length > 0) {
      throw new Refusal(
        `These files were changed since they were generated. Add --force to delete them:\n${changed.join('\n')}`,
      );
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return 2;
  }
  const { generator, request, dryRun } = parsed;
  const left = generator.left?.(tree, request) ?? [];
  const files = generator.files(tree, request);
  for (const { undo } of generator.edits(tree, request).reverse()) undo(tree);
  for (const path of files) tree.delete(path);
  if (dryRun) {
    console.log(await describeChanges(root, tree));
    return 0;
  }
  step(`Removing ${request.name}`);
  await applyChanges(root, tree, [], step);
  // Compiled files are not in the tree.
  for (const path of files) rmSync(join(root, path), { recursive: true, force: true });
  step(`${request.name} is removed`);
  if (left.length > 0) console.log(`\n${left.join('\n')}\n`);
  return 0;
}

/**
 * Returns the files that differ from what the generator writes: changed, missing and additional ones.
 *
 * @param {string} root
 * @param {Pick<ReturnType<typeof parseRemove>, 'generator' | 'request'>} parsed
 */
async function changedFiles(root, { generator, request }) {
  const tree = openTree(root);
  const present = generator.files(tree, request).flatMap((path) => filesIn(tree, path));
  const { request: earlier, options } = generator.earlier(tree, request);
  /** @type {Set<string>} */
  const written = new Set();
  const write = tree.write.bind(tree);
  tree.write = (path, ...rest) => {
    written.add(path);
    write(path, ...rest);
  };
  generator.write(tree, earlier, options);
  await formatChanges(tree);
  const different = tree.listChanges().map(({ path }) => path);
  return [...new Set([...different, ...present.filter((path) => !written.has(path))])];
}

/** Returns the files of a path that git would know. @param {Tree} tree @param {string} path @returns {string[]} */
function filesIn(tree, path) {
  if (!tree.exists(path)) return [];
  if (tree.isFile(path)) return [path];
  return tree
    .children(path)
    .filter((name) => name !== 'dist')
    .flatMap((name) => filesIn(tree, `${path}/${name}`));
}
