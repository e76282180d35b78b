import type { PendingAuthorization } from './pending-authorizations.js';

/** Where a browser goes on with an authorization after each page that its person has answered. */
export const continuationOf = ({ id, request }: Pick<PendingAuthorization, 'id' | 'request'>): string =>
  `${request.deviceAuthorization === undefined ? '/authorize' : '/device'}/continue?authorization=${id}`;
