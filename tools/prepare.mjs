// @ts-check
// This file runs before packages are installed, so it imports only Node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs packages from the lock file if they are missing or different, and compiles the given packages, or all of them.
 * Adds workspaces that the lock file lacks to it.
 *
 * @param {string[]} packages
 */
export function prepare(...packages) {
  checkNode();
  const unlocked = unlockedWorkspaces();
  if (unlocked.length > 0) {
    step(`Adding ${unlocked.join(', ')} to package-lock.json`);
    run(...npm('install'));
  } else if (!isInstalled()) {
    step('Installing the packages of package-lock.json, which takes a minute or two');
    run(...npm('ci'));
  }
  step('Building');
  const all = ['.', ...foldersIn('apps').filter((folder) => existsSync(join(root, folder, 'app.json')))];
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...(packages.length > 0 ? packages : all)]);
}

/** Prints a step after the seconds since this process started. @param {string} what */
export function step(what) {
  console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)}s  ${what}`);
}

function checkNode() {
  const { engines } = /** @type {{ engines: { node: string } }} */ (readJson('package.json'));
  const current = process.versions.node;
  if (engines.node.split('||').some((range) => satisfies(current, range.trim()))) return;
  console.error(
    `Trefoil needs Node ${engines.node}, and this is ${current}. Install another version from https://nodejs.org`,
  );
  process.exit(1);
}

/** Returns whether a version is in a range of the form ^a.b.c or >=a.b.c. @param {string} version @param {string} range */
function satisfies(version, range) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = range.replace(/^\D+/, '').split('.').map(Number);
  if (major !== wantedMajor) return range.startsWith('>=') && major > wantedMajor;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
}

/** Returns the workspaces whose package.json has other dependencies than package-lock.json knows: `npm ci` refuses them. */
function unlockedWorkspaces() {
  const { workspaces } = /** @type {{ workspaces: string[] }} */ (readJson('package.json'));
  const folders = workspaces.flatMap((pattern) => (pattern.endsWith('/*') ? foldersIn(pattern.slice(0, -2)) : pattern));
  return unlockedIn(folders, packagesOf('package-lock.json'), (folder) => {
    const file = join(folder, 'package.json');
    return existsSync(join(root, file)) ? readJson(file) : undefined;
  });
}

/** @typedef {{ [kind in (typeof DEPENDENCIES)[number]]?: Record<string, string> }} Manifest */
const DEPENDENCIES = /** @type {const} */ ([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]);

/**
 * Returns the folders whose manifest has other dependencies than their entry in the lock file.
 *
 * @param {string[]} folders
 * @param {Record<string, Manifest>} locked
 * @param {(folder: string) => Manifest | undefined} readManifest
 */
export function unlockedIn(folders, locked, readManifest) {
  return folders.filter((folder) => {
    const [manifest, entry] = [readManifest(folder), locked[folder]];
    if (!manifest) return false;
    return !entry || DEPENDENCIES.some((kind) => !isDeepStrictEqual(manifest[kind] ?? {}, entry[kind] ?? {}));
  });
}

/** Returns the folders in a folder of the workspace, such as `apps/provider`. @param {string} parent */
const foldersIn = (parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);

/**
 * Returns whether node_modules contains the packages of package-lock.json. npm writes a list of the installed packages there as
 * its last step, so an interrupted installation counts as missing.
 */
function isInstalled() {
  try {
    const locked = packagesOf('package-lock.json');
    const installed = packagesOf('node_modules/.package-lock.json');
    return Object.entries(locked).every(([path, { version, link, optional, devOptional }]) => {
      if (path === '') return true;
      const found = installed[path];
      // An optional package may be for another operating system.
      if (!found) return Boolean(optional || devOptional);
      return found.version === version && found.link === link;
    });
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, Manifest & { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }>}
 */
function packagesOf(file) {
  return readJson(file).packages;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** Returns the command line of npm: the npm that runs this process, or else the one in `PATH`. @param {string[]} args @returns {[string, string[]]} */
export function npm(...args) {
  const { npm_execpath: path } = process.env;
  if (path?.endsWith('npm-cli.js')) return [process.execPath, [path, ...args]];
  return process.platform === 'win32' ? ['cmd', ['/c', 'npm', ...args]] : ['npm', args];
}

/** Runs a command, and exits when it fails. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}
