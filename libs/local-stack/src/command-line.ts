import { parseArgs } from 'node:util';

/** The options of `npm start`. */
export interface StartCommand {
  /** Whether to delete the data, secrets and logs of earlier runs first. */
  reset: boolean;
  /** Whether the apps speak HTTPS, with certificates of the development PKI. */
  https: boolean;
  /** The apps to start. */
  only: string[];
}

/** Says that `npm start` does not understand its arguments, and shows the usage. */
export class UsageError extends Error {
  constructor(reason: string, apps: readonly string[]) {
    super(`${reason}\n\nUsage: npm start [-- [--https] [--reset] [--only ${apps.join(',')}]]`);
    this.name = 'UsageError';
  }
}

/** Reads the arguments after `npm start --`. @param apps the names of the apps that exist. */
export function parseCommandLine(args: string[], apps: readonly string[]): StartCommand {
  const { reset, https, only } = parse(args, apps);
  const names = only?.split(',').map((name) => name.trim()) ?? apps;
  const unknown = names.filter((name) => !apps.includes(name)).map((name) => `"${name}"`);
  if (unknown.length > 0) throw new UsageError(`No app has the name ${unknown.join(', ')}`, apps);
  return { reset, https, only: apps.filter((app) => names.includes(app)) };
}

function parse(args: string[], apps: readonly string[]) {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { reset: flag, https: flag, only: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, apps);
  }
}
