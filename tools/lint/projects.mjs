// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{
 *   name: string,
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string>,
 *   nx?: { tags?: string[], targets?: Record<string, object> },
 * }} Manifest
 *   the package.json of a project
 *
 * @typedef {(folder: string) => Manifest | undefined} ReadManifest
 *   reads the package.json in a folder of the workspace; the empty string is the workspace itself
 *
 * @typedef {{ folder: string, manifest: Manifest }} Project
 *   a project and its folder, relative to the workspace, with forward slashes
 */

const SCOPE = '@trefoil/';
const PARENTS = ['apps/', 'libs/', 'examples/', ''];

/** Returns the folder of the project that a file belongs to. @param {string} file relative to the workspace */
export const projectFolderOf = (file) => /^(?:(?:apps|examples|libs)\/[^/]+|e2e|bench)(?=\/)/.exec(file)?.[0];

/** Returns the project with this package name. @param {string} name @param {ReadManifest} readManifest */
export function findProject(name, readManifest) {
  if (!name.startsWith(SCOPE)) return undefined;
  const folders = PARENTS.map((parent) => parent + name.slice(SCOPE.length));
  return folders
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .find(/** @returns {project is Project} */ (project) => project.manifest?.name === name);
}

/** Returns the tags of a project, from `nx.tags` of its package.json. @param {Manifest} manifest */
export const tagsOf = (manifest) => manifest.nx?.tags ?? [];

/**
 * Returns whether a file is test code: specs, the contracts that specs share, the `src/testing` of a project, and all of
 * e2e.
 *
 * @param {string} folder of the project
 * @param {string} file relative to the workspace
 */
export const isTestCode = (folder, file) =>
  folder === 'e2e' ||
  folder === 'bench' ||
  file.startsWith(`${folder}/src/testing/`) ||
  /\.(spec|contract)\.tsx?$/.test(file);

/** Reads each package.json of the workspace once. @param {string} root @returns {ReadManifest} */
export function manifestReader(root) {
  /** @type {Map<string, Manifest | undefined>} */
  const manifests = new Map();
  return (folder) => {
    if (!manifests.has(folder)) {
      const file = join(root, folder, 'package.json');
      manifests.set(folder, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
    }
    return manifests.get(folder);
  };
}
