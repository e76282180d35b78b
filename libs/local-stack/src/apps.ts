import { type App, type AppRegistry, readAppRegistry } from '@trefoil/app-registry';
import { fileURLToPath } from 'node:url';

/** The apps that the demo is about. Its users, its clients and the tests name them; the registry may have more. */
export type DemoApp = 'provider' | 'backend' | 'frontend';

/** One value for each app of the registry, by its name. */
export type PerApp<T> = Record<DemoApp, T> & Record<string, T>;

/** Returns an object with one value for each of the given apps. */
export const perApp = <T>(apps: readonly App[], make: (app: App) => T): PerApp<T> =>
  Object.fromEntries(apps.map((app) => [app.name, make(app)])) as PerApp<T>;

/** Returns an object with the values that `make` returns for the values of another one. */
export const mapPerApp = <S, T>(values: PerApp<S>, make: (value: S, app: string) => T): PerApp<T> =>
  Object.fromEntries(Object.entries(values).map(([app, value]) => [app, make(value, app)])) as PerApp<T>;

/** The folder that holds `apps` and `libs`, without a trailing slash. */
export const workspace = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** Returns the apps of this workspace. */
export const workspaceApps = (): AppRegistry => readAppRegistry(workspace);
