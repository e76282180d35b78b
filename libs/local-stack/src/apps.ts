import { fileURLToPath } from 'node:url';

/** The names of the three servers. */
export const appNames = ['provider', 'backend', 'frontend'] as const;

export type AppName = (typeof appNames)[number];

/** One value for each of the three servers. */
export type PerApp<T> = Record<AppName, T>;

/** Returns an object with one value for each of the three servers. */
export function perApp<T>(make: (app: AppName) => T): PerApp<T> {
  return { provider: make('provider'), backend: make('backend'), frontend: make('frontend') };
}

/** Returns whether a word is the name of one of the three servers. */
export function isAppName(name: string): name is AppName {
  return (appNames as readonly string[]).includes(name);
}

/** The folder that holds `apps` and `libs`, without a trailing slash. */
export const workspace = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
