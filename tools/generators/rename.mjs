// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkName, Refusal } from './refusal.mjs';
import { checkClean, openTree, rollBack, writeChanges } from './workspace-changes.mjs';
import { productOf } from './workspace-facts.mjs';

/**
 * Returns a text with another product name in it, in each of its three spellings: `trefoil`, `Trefoil` and `TREFOIL`. Package
 * scopes, databases, cookies, variables, titles and file names contain one of them.
 *
 * @param {string} text
 * @param {string} from
 * @param {string} to
 */
export const renamed = (text, from, to) =>
  text.replaceAll(from, to).replaceAll(title(from), title(to)).replaceAll(from.toUpperCase(), to.toUpperCase());

/** @param {string} word */
const title = (word) => word.replace(/^./, (first) => first.toUpperCase());

/**
 * Renames the product. A renaming that fails leaves the workspace as it was.
 *
 * @param {string} root of the workspace
 * @param {string[]} args of the command line: the new name
 * @param {(what: string) => void} step prints a step
 * @returns {Promise<number>} the exit code: 0, 1 when a step failed, 2 when the request was refused
 */
export async function rename(root, args, step) {
  const tree = openTree(root);
  const from = productOf(tree);
  /** @type {string} */
  let to;
  try {
    to = readName(args, from);
    checkClean(root);
    const taken = ['apps', 'libs', 'examples'].find((parent) => existsSync(join(root, parent, to)));
    if (taken) throw new Refusal(`"${to}" is taken: there is ${taken}/${to}. Choose another name.`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return 2;
  }
  step(`Renaming ${from} to ${to}`);
  const created = [];
  for (const path of filesOf(root)) {
    const content = tree.read(path);
    // Git takes a file with a NUL character for binary.
    if (!content || content.includes(0)) continue;
    const target = renamed(path, from, to);
    if (target !== path) {
      created.push(target);
      tree.delete(path);
    }
    const text = renamed(content.toString(), from, to);
    if (target !== path || text !== content.toString()) tree.write(target, text);
  }
  process.on('SIGINT', () => undefined);
  try {
    await writeChanges(root, tree, step);
  } catch (error) {
    rollBack(root, created);
    console.error(`${error instanceof Error ? error.message : String(error)}\nNothing was renamed.`);
    return 1;
  }
  console.log(`
The product is called ${title(to)}. Next:

  npm start -- --reset
      creates an installation with the new names; the databases of the old one are deleted
  npm test
      runs all tests
  git add --all && git commit
      records the new name
`);
  return 0;
}

/** @param {string[]} args @param {string} from */
function readName(args, from) {
  const [name] = args;
  if (name === undefined || args.length !== 1) throw new Refusal('Name the product: npm run rename -- acme');
  checkName(name);
  // The name is part of identifiers, of host names and of names in SQL, which allow different separators.
  if (name.includes('-')) throw new Refusal(`"${name}" has a hyphen. The name of a product is one word.`);
  if (name === from) throw new Refusal(`The product is called ${name} already.`);
  return name;
}

/** Returns the files that git knows. @param {string} root */
const filesOf = (root) =>
  spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 })
    .stdout.split('\0')
    .filter(Boolean);
