// @ts-check
// Runs before anything is installed: Node alone, no dependency.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Brings the checkout to where its built code can run: packages installed as locked, everything compiled, or only the
 * packages named.
 *
 * @param {string[]} packages
 */
export function prepare(...packages) {
  checkNode();
  if (!isInstalled()) {
    step('Installing packages, as package-lock.json names them (a minute or two)');
    run(...npm('ci'));
  }
  step('Building');
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...packages]);
}

/** @param {string} what */
export function step(what) {
  console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)}s  ${what}`);
}

function checkNode() {
  const { engines } = /** @type {{ engines: { node: string } }} */ (readJson('package.json'));
  const current = process.versions.node;
  if (engines.node.split('||').some((range) => satisfies(current, range.trim()))) return;
  console.error(`Trefoil needs Node ${engines.node}; this is ${current}. Get one at https://nodejs.org`);
  process.exit(1);
}

/** Understands the two forms of range package.json uses: ^a.b.c and >=a.b.c. @param {string} version @param {string} range */
function satisfies(version, range) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = range.replace(/^\D+/, '').split('.').map(Number);
  if (major !== wantedMajor) return range.startsWith('>=') && major > wantedMajor;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
}

/**
 * Whether node_modules holds what package-lock.json names. npm leaves its own account of what it installed there, as its
 * last act, so an interrupted installation counts as none.
 */
function isInstalled() {
  try {
    const locked = packagesOf('package-lock.json');
    const installed = packagesOf('node_modules/.package-lock.json');
    return Object.entries(locked).every(([path, { version, link, optional, devOptional }]) => {
      if (path === '') return true;
      const found = installed[path];
      // What is optional may be for another machine.
      if (!found) return Boolean(optional || devOptional);
      return found.version === version && found.link === link;
    });
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }>}
 */
function packagesOf(file) {
  return readJson(file).packages;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** The npm that runs us when one does, else the one in the path. @param {string[]} args @returns {[string, string[]]} */
export function npm(...args) {
  const { npm_execpath: path } = process.env;
  if (path?.endsWith('npm-cli.js')) return [process.execPath, [path, ...args]];
  return process.platform === 'win32' ? ['cmd', ['/c', 'npm', ...args]] : ['npm', args];
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`${command} could not be run: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}
