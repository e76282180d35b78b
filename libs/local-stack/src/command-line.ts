import { parseArgs } from 'node:util';
import { type AppName, appNames, isAppName } from './apps.js';

/** The options of `npm start`. */
export interface StartCommand {
  /** Whether to delete the data, secrets and logs of earlier runs first. */
  reset: boolean;
  /** Whether the apps speak HTTPS, with certificates of the development PKI. */
  https: boolean;
  /** The apps to start. */
  only: AppName[];
}

/** Says that `npm start` does not understand its arguments, and shows the usage. */
export class UsageError extends Error {
  constructor(reason: string) {
    super(`${reason}\n\nUsage: npm start [-- [--https] [--reset] [--only ${appNames.join(',')}]]`);
    this.name = 'UsageError';
  }
}

/** Reads the arguments after `npm start --`. */
export function parseCommandLine(args: string[]): StartCommand {
  const { reset, https, only } = parse(args);
  const names = only?.split(',').map((name) => name.trim()) ?? [...appNames];
  const unknown = names.filter((name) => !isAppName(name));
  if (unknown.length > 0) throw new UsageError(`No app has the name ${unknown.map((name) => `"${name}"`).join(', ')}`);
  return { reset, https, only: appNames.filter((app) => names.includes(app)) };
}

function parse(args: string[]) {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { reset: flag, https: flag, only: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
