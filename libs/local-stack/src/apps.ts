/** The three servers. */
export const appNames = ['provider', 'backend', 'frontend'] as const;

export type AppName = (typeof appNames)[number];

/** One value for each of the three servers. */
export type PerApp<T> = Record<AppName, T>;

/** Makes one value for each of the three servers. */
export function perApp<T>(make: (app: AppName) => T): PerApp<T> {
  return { provider: make('provider'), backend: make('backend'), frontend: make('frontend') };
}

/** Whether a word names one of the three servers. */
export function isAppName(name: string): name is AppName {
  return (appNames as readonly string[]).includes(name);
}
