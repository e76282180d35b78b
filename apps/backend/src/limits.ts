import { RESOURCE_SERVER_BOUNDS } from '@trefoil/resource-server';
import type { Bound, Limits } from '@trefoil/server-kit';

/** Returns every limit on how often a sender may make the backend do something. Only bounds are needed so far. */
export const limitsOf = () => ({}) satisfies Limits;

/** Bounds on the size and number of things, for docs/limits.md. */
export const BOUNDS: readonly Bound[] = [
  ...RESOURCE_SERVER_BOUNDS,
  { of: 'The contacts on a page of a list', most: '100' },
  { of: 'The text of a search', most: '200 characters' },
];
