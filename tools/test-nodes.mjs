// @ts-check
// Runs the tests on other versions of Node, the newest of each: [majors] [arguments of jest].
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { endWithParent } from './end-with-parent.mjs';
import { npm, prepare, root, step } from './prepare.mjs';

/** The lines of Node that `engines` in package.json names, apart from the oldest. */
const MAJORS = ['22', '24', '26'];

const folder = join(root, '.local', 'nodes');
const binaryOf = (/** @type {string} */ major) =>
  join(folder, 'node_modules', `node${major}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

endWithParent();
const args = process.argv.slice(2);
const firstOther = args.findIndex((arg) => !/^\d+$/.test(arg));
const given = args.slice(0, firstOther < 0 ? args.length : firstOther);
const jestArguments = args.slice(given.length);
const majors = given.length > 0 ? given : MAJORS;

prepare();
install();

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let isStopping = false;
// A terminal sends its Ctrl-C to the child as well; the other signals are passed on.
process.on('SIGINT', () => (isStopping = true));
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    isStopping = true;
    running?.kill(signal);
  });
}

/** @type {string[]} */
const results = [];
for (const major of majors) {
  const version = spawnSync(binaryOf(major), ['--version'], { encoding: 'utf8' }).stdout.trim();
  step(`Testing on Node ${version}`);
  const { code, lastLine } = await runTests(binaryOf(major));
  results.push(`Node ${version}: ${lastLine}`);
  if (code !== 0) process.exitCode = 1;
  if (isStopping) break;
}
console.log(`\n${results.join('\n')}`);

/** Installs the newest release of each line from the npm package `node`, under an alias for each. */
function install() {
  step(`Installing Node ${majors.join(', ')}`);
  mkdirSync(folder, { recursive: true });
  // The package fetches the binary for this machine in an install script.
  const manifest = { private: true, allowScripts: { node: true } };
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const aliases = majors.map((major) => `node${major}@npm:node@${major}`);
  const [command, commandArguments] = npm('install', '--no-audit', '--no-fund', '--prefer-online', ...aliases);
  const { status } = spawnSync(command, commandArguments, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const missing = majors.filter((major) => !existsSync(binaryOf(major)));
  if (missing.length > 0) {
    console.error(`Node ${missing.join(', ')} could not be installed. See the messages of npm above.`);
    process.exit(1);
  }
  if (status !== 0) console.log('npm could not look for newer releases: the tests run on those that are installed.');
}

/**
 * Runs tools/test.mjs on a Node binary.
 *
 * @param {string} binary
 * @returns {Promise<{ code: number, lastLine: string }>} the exit code and the count of passed and failed tests
 */
function runTests(binary) {
  const PATH = [dirname(binary), process.env.PATH].join(delimiter);
  const test = spawn(binary, [join(root, 'tools', 'test.mjs'), ...jestArguments], {
    cwd: root,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  test.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    output = (output + text).slice(-1000);
  });
  running = test;
  return new Promise((resolve) => {
    test.once('close', (code) => resolve({ code: code ?? 1, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }));
  });
}
