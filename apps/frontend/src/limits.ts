import type { Bound } from '@trefoil/server-kit';
import { WEB_SERVER_BOUNDS } from '@trefoil/web-server';

/**
 * Returns every limit on what a sender can make the frontend do. docs/limits.md shows the table; a new limit is a line
 * beside those of every web server.
 */
export { webServerLimits as limitsOf } from '@trefoil/web-server';

/** The downloads that one session may have open on one replica at the same time. */
export const MOST_OPEN_DOWNLOADS = 2;

/** Bounds on the size and number of things, for docs/limits.md. */
export const BOUNDS: readonly Bound[] = [
  ...WEB_SERVER_BOUNDS,
  { of: 'Open downloads of one session, on one replica', most: String(MOST_OPEN_DOWNLOADS) },
  {
    of: 'The time in which the reader of a download takes nothing, before the download is reset',
    most: '30 s',
    setting: 'DOWNLOAD_IDLE_SECONDS',
  },
];
