import type { DeliverableEvent } from '../streams/stream-outbox.js';
import type { SubjectNaming, SubjectIdentifier } from './event-mapping.js';

const opaque = (id: string | null): SubjectIdentifier | undefined =>
  id === null ? undefined : { format: 'opaque', id };

/** Returns the subject for the user of an event (RFC 9493 §3.2.3). */
export const userOf = (
  { userId }: Pick<DeliverableEvent, 'userId'>,
  { iss, sub }: SubjectNaming,
): SubjectIdentifier => ({
  format: 'iss_sub',
  iss,
  sub: userId === null ? '' : sub(userId),
});

const userIn = (event: DeliverableEvent, naming: SubjectNaming) =>
  event.userId === null ? undefined : userOf(event, naming);

/** Returns the subject for the access token of an event (SSF 1.0 §3.5.1). */
export const tokenOf = ({ tokenId }: DeliverableEvent, { iss }: SubjectNaming): SubjectIdentifier => ({
  format: 'jwt_id',
  iss,
  jti: tokenId,
});

/** Returns the subject for the grant of an event: its user, its client and its `grant_id` (SSF 1.0 §3.3). */
export const grantOf = (event: DeliverableEvent, naming: SubjectNaming): SubjectIdentifier => ({
  format: 'complex',
  user: userIn(event, naming),
  application: opaque(event.clientId),
  grant: opaque(event.grantId),
});

/** Returns the subject for the sign-in session of an event: its user and its `sid` (SSF 1.0 §3.3). */
export const sessionOf = (event: DeliverableEvent, naming: SubjectNaming): SubjectIdentifier => ({
  format: 'complex',
  user: userIn(event, naming),
  session: opaque(event.sessionId === null ? null : naming.sid(event.sessionId)),
});

/** Returns the subject for the client of an event (SSF 1.0 §3.3). */
export const clientOf = ({ clientId }: DeliverableEvent): SubjectIdentifier => ({
  format: 'complex',
  application: opaque(clientId),
});
