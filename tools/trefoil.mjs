// @ts-check
import { existsSync } from 'node:fs';
import { prepare } from './prepare.mjs';

const commands = new URL('../apps/provider/dist/commands/', import.meta.url);
const localStack = new URL('../libs/local-stack/dist/index.js', import.meta.url);

// What npm start runs is what it built: only a checkout that never was is built here.
if (!existsSync(commands) || !existsSync(localStack)) prepare();

const { runTrefoil } = await import(new URL('run-trefoil.js', commands).href);
const { processTerminal } = await import(new URL('terminal.js', commands).href);

let release = async () => {};

/** Whoever names a database means that one; else it is the one of npm start. */
async function findEnvironment() {
  const { DATABASE_URL, DATABASE_URL_FILE } = process.env;
  if (DATABASE_URL || DATABASE_URL_FILE) return process.env;
  const { openLocalInstallation } = await import(localStack.href);
  const installation = await openLocalInstallation();
  release = installation.release;
  return { ...process.env, ...installation.environments.provider };
}

process.exitCode = await runTrefoil(process.argv.slice(2), processTerminal(), findEnvironment);
await release();
