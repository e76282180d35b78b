import type { Bound } from '@trefoil/server-kit';

/** The most streams that one user, or one machine client, may have open on one replica at the same time. */
export const OPEN_STREAMS = 4;

/** The bounds on what a client can make the backend store, compute or send. Shown in docs/limits.md. */
export const BOUNDS: readonly Bound[] = [
  { of: 'Open NDJSON streams of one user or machine client, on one replica', most: String(OPEN_STREAMS) },
  {
    of: 'Time in which the reader of an NDJSON stream takes nothing, before the stream is reset',
    most: '30 seconds',
    setting: 'STREAM_IDLE_SECONDS',
  },
  { of: 'Body of a request', most: '64 KiB' },
  { of: 'Contacts on a page of a list', most: '100' },
  { of: 'Text to search for', most: '200 characters' },
];
