import {
  type RevokedSubject,
  revokedBy,
  REVOKING_TYPES,
  type SecurityEventType,
} from '../../security-events/security-event-type.js';
import type { DeliverableEvent } from '../streams/stream-outbox.js';
import {
  commonMembers,
  type EventMapping,
  type InitiatingEntity,
  type SubjectIdentifier,
  type SubjectNaming,
} from './event-mapping.js';
import { clientOf, grantOf, sessionOf, tokenOf, userOf } from './subjects.js';

const SUBJECT_OF: Record<RevokedSubject, (event: DeliverableEvent, naming: SubjectNaming) => SubjectIdentifier> = {
  token: tokenOf,
  grant: grantOf,
  session: sessionOf,
  client: clientOf,
  user: userOf,
};

/** The initiating entity of each type when no administrator caused the event; `system` for types that are not here. */
const INITIATED_BY: Partial<Record<SecurityEventType, InitiatingEntity>> = {
  'sign-out': 'user',
  'session-revoked': 'user',
  'grant-revoked': 'user',
  'token-revoked': 'user',
  'code-reuse': 'policy',
  'refresh-token-reuse': 'policy',
};

/** Maps every revocation to CAEP session-revoked (CAEP 1.0 §3.1). The subject names the revoked tokens. */
export const sessionRevoked: EventMapping = {
  name: 'session-revoked',
  from: REVOKING_TYPES,
  map: (event, naming) => {
    const revoked = revokedBy(event.type);
    if (!revoked) throw new Error(`An event of type ${event.type} revokes nothing.`);
    const members = commonMembers(event, INITIATED_BY[event.type] ?? 'system');
    return {
      subject: SUBJECT_OF[revoked](event, naming),
      members: {
        ...members,
        ...(revoked === 'client' && generationOf(event)),
        ...(revoked === 'token' && tokenMembers(event, naming)),
      },
    };
  },
};

/**
 * Returns the audience and the expiry of a revoked token, as far as they were recorded. They let a receiver ignore a token
 * that it never accepts, and forget the revocation when the token has expired.
 */
function tokenMembers({ details }: DeliverableEvent, { audiences }: SubjectNaming) {
  const { audience, expires_at: expiresAt } = details ?? {};
  return {
    ...(audience !== undefined && { token_audience: audiences(audience) }),
    ...(expiresAt !== undefined && { token_expires_at: Number(expiresAt) }),
  };
}

/** Returns the generation below which the client's tokens are revoked; without it, all of its tokens are revoked. */
function generationOf({ details }: DeliverableEvent): { generation?: number } {
  const generation = details?.generation;
  return generation === undefined ? {} : { generation: Number(generation) };
}
