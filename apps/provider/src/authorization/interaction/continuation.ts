import type { AuthorizationRequest } from './authorization-request.js';
import type { PendingAuthorization } from './pending-authorizations.js';

/** Where a browser goes on with an authorization after each page that its person has answered. */
export const continuationOf = ({ id, request }: Pick<PendingAuthorization, 'id' | 'request'>): string =>
  request.ownPage ??
  `${request.deviceAuthorization === undefined ? '/authorize' : '/device'}/continue?authorization=${id}`;

/** Whether a client waits for the answer, which this browser takes to it: not a device, not a page of our own. */
export const isForClient = ({ ownPage, deviceAuthorization }: AuthorizationRequest): boolean =>
  ownPage === undefined && deviceAuthorization === undefined;
