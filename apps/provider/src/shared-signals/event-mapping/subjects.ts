import type { TellableEvent } from '../streams/stream-outbox.js';
import type { Naming, SubjectIdentifier } from './event-mapping.js';

const opaque = (id: string | null): SubjectIdentifier | undefined =>
  id === null ? undefined : { format: 'opaque', id };

/** The user of an event (RFC 9493 §3.2.3). */
export const userOf = ({ userId }: Pick<TellableEvent, 'userId'>, { iss, sub }: Naming): SubjectIdentifier => ({
  format: 'iss_sub',
  iss,
  sub: userId === null ? '' : sub(userId),
});

const userIn = (event: TellableEvent, naming: Naming) => (event.userId === null ? undefined : userOf(event, naming));

/** The access token of an event (SSF 1.0 §3.5.1). */
export const tokenOf = ({ tokenId }: TellableEvent, { iss }: Naming): SubjectIdentifier => ({
  format: 'jwt_id',
  iss,
  jti: tokenId,
});

/** The grant of an event: which user gave it to which client, and its `grant_id` (SSF 1.0 §3.3). */
export const grantOf = (event: TellableEvent, naming: Naming): SubjectIdentifier => ({
  format: 'complex',
  user: userIn(event, naming),
  application: opaque(event.clientId),
  grant: opaque(event.grantId),
});

/** The sign-in session of an event: whose it is, and its `sid` (SSF 1.0 §3.3). */
export const sessionOf = (event: TellableEvent, naming: Naming): SubjectIdentifier => ({
  format: 'complex',
  user: userIn(event, naming),
  session: opaque(event.sessionId),
});

/** The client of an event (SSF 1.0 §3.3). */
export const clientOf = ({ clientId }: TellableEvent): SubjectIdentifier => ({
  format: 'complex',
  application: opaque(clientId),
});
