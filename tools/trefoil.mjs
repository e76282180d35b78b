// @ts-check
// Administers a provider from the command line: [command and its options].
import { existsSync } from 'node:fs';
import { prepare } from './prepare.mjs';

const commands = new URL('../apps/provider/dist/commands/', import.meta.url);
const localStack = new URL('../libs/local-stack/dist/index.js', import.meta.url);

// npm start has compiled the code that it runs. Only a checkout that was never compiled is compiled here.
if (!existsSync(commands) || !existsSync(localStack)) prepare();

const { runTrefoil } = await import(new URL('run-trefoil.js', commands).href);
const { processTerminal } = await import(new URL('terminal.js', commands).href);

let release = async () => {};

/** Returns the environment of the provider: this process's if it names a database, or else that of npm start. */
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
