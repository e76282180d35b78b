import type { App } from '@trefoil/app-registry';

/** A script of an app that runs to its end before the server starts. */
export type Preparation = 'migrate' | 'seed';

/** Returns the scripts that prepare an app, in their order. */
export const preparationsOf = ({ kind, database }: App): Preparation[] => [
  ...(database ? (['migrate'] as const) : []),
  // The demo data is the provider's: users and clients.
  ...(kind === 'provider' ? (['seed'] as const) : []),
];
