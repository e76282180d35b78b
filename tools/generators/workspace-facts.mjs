// @ts-check
import { read } from './edits.mjs';
import { Refusal } from './refusal.mjs';
/** @typedef {import('@nx/devkit').Tree} Tree */

/**
 * @typedef {object} AppFacts
 * @property {string} name
 * @property {'provider' | 'resource-server' | 'web'} kind
 * @property {number} port
 * @property {string} purpose
 * @property {string[]} [uses]
 */

/** Returns the name of the product, the name of the workspace's package. @param {Tree} tree @returns {string} */
export const productOf = (tree) => JSON.parse(read(tree, 'package.json')).name;

/** Returns the scope of the packages, such as `@trefoil`. @param {Tree} tree */
export const scopeOf = (tree) => `@${productOf(tree)}`;

/** Returns the apps of the workspace. @param {Tree} tree @returns {AppFacts[]} */
export const appsOf = (tree) =>
  tree
    .children('apps')
    .filter((name) => tree.exists(`apps/${name}/app.json`))
    .map((name) => ({ name, ...JSON.parse(read(tree, `apps/${name}/app.json`)) }));

/** Returns the next free port after those of the apps. @param {Tree} tree */
export const nextPort = (tree) => Math.max(3000, ...appsOf(tree).map(({ port }) => port)) + 1;

/** Returns the versions of the packages that the apps and libs depend on. @param {Tree} tree */
export function versionsOf(tree) {
  const manifests = ['apps', 'libs'].flatMap((parent) =>
    tree.children(parent).map((name) => `${parent}/${name}/package.json`),
  );
  /** @type {Record<string, string>} */
  const versions = {};
  for (const file of manifests.filter((each) => tree.exists(each))) {
    Object.assign(versions, JSON.parse(read(tree, file)).dependencies);
  }
  return versions;
}

/**
 * Checks that no app, lib, example or table of scopes has a name.
 *
 * @param {Tree} tree
 * @param {string} name
 * @throws Refusal
 */
export function checkFree(tree, name) {
  const taken = ['apps', 'libs', 'examples', 'e2e/src'].find((parent) => tree.children(parent).includes(name));
  if (taken) throw new Refusal(`"${name}" is taken: there is ${taken}/${name}. Choose another name.`);
}

/**
 * Returns the resource servers that `--uses` names.
 *
 * @param {Tree} tree
 * @param {string} uses separated by commas
 * @throws Refusal
 */
export function usedServers(tree, uses) {
  const names = [...new Set(uses.split(',').map((name) => name.trim()))].filter(Boolean);
  const known = appsOf(tree).filter(({ kind }) => kind === 'resource-server');
  if (names.length === 0)
    throw new Refusal(`Name the resource servers that it uses: --uses ${known.map(({ name }) => name).join()}`);
  return names.map((name) => {
    const found = known.find((app) => app.name === name);
    if (!found) {
      throw new Refusal(
        `There is no resource server "${name}". There are: ${known.map((app) => app.name).join(', ')}.`,
      );
    }
    return found;
  });
}

/** Returns the apps and machine clients that call a resource server. @param {Tree} tree @param {string} name */
export function usersOf(tree, name) {
  const apps = appsOf(tree).filter(({ uses = [] }) => uses.includes(name));
  const clients = tree.children('examples').filter((client) => {
    const file = `examples/${client}/client.json`;
    if (!tree.exists(file)) return false;
    /** @type {{ scopes: string[] }} */
    const { scopes } = JSON.parse(read(tree, file));
    return scopes.some((scope) => scope.startsWith(`${name}:`));
  });
  return [...apps.map((app) => app.name), ...clients];
}
