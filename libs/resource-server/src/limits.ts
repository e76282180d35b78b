import { type Bound, CONNECTION_BOUNDS } from '@trefoil/server-kit';

/** The most streams that one user, or one machine client, may have open on one replica at the same time. */
export const OPEN_STREAMS = 4;

/** The bounds that every resource server has, for the file `limits.ts` of an app. */
export const RESOURCE_SERVER_BOUNDS: readonly Bound[] = [
  {
    of: 'Requests that one replica answers at the same time',
    most: '1000; further ones get 503 with `Retry-After`',
    setting: 'MOST_OPEN_REQUESTS',
  },
  { of: 'The body of a request', most: '64 KiB' },
  { of: 'The parameters of a query', most: '100' },
  { of: 'Open streams of one user or machine client, on one replica', most: String(OPEN_STREAMS) },
  {
    of: 'The time for which the reader of a stream may take nothing',
    most: '30 s, and 3 s during a shutdown',
    setting: 'STREAM_IDLE_SECONDS',
  },
  ...CONNECTION_BOUNDS,
];
