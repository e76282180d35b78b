import type { Bound } from './limit.js';

/** The maximum number of open connections of a listener, unless a setting changes it. */
export const DEFAULT_CONNECTIONS = 5000;

/** The maximum number of TLS handshakes of a listener at the same time, unless a setting changes it. */
export const DEFAULT_HANDSHAKES = 1000;

/** The bounds of every server on connections and requests, for docs/limits.md. */
export const CONNECTION_BOUNDS: readonly Bound[] = [
  { of: 'The time for a request to arrive', most: '10 s' },
  {
    of: 'Open connections of one listener of a replica',
    most: `${DEFAULT_CONNECTIONS}; further ones are closed at once`,
    setting: 'MAX_CONNECTIONS',
  },
  { of: 'The time for a TLS handshake', most: '5 s' },
  {
    of: 'TLS handshakes in progress at one listener of a replica',
    most: `${DEFAULT_HANDSHAKES}; the oldest of the network that has most is closed`,
    setting: 'MAX_TLS_HANDSHAKES',
  },
];
