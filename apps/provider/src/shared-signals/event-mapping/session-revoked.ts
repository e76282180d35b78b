import type { TellableEvent } from '../streams/stream-outbox.js';
import {
  type RevokedSubject,
  revokedBy,
  REVOKING_TYPES,
  type SecurityEventType,
} from '../../security-events/security-event-type.js';
import { circumstancesOf, type InitiatingEntity } from './circumstances.js';
import { clientOf, grantOf, sessionOf, tokenOf, userOf } from './subjects.js';
import type { Naming, SubjectIdentifier, ToldEvents } from './event-mapping.js';

const SUBJECT_OF: Record<RevokedSubject, (event: TellableEvent, naming: Naming) => SubjectIdentifier> = {
  token: tokenOf,
  grant: grantOf,
  session: sessionOf,
  client: clientOf,
  user: userOf,
};

/** Who ends something when no administrator does; the provider itself when it is not here. */
const BY: Partial<Record<SecurityEventType, InitiatingEntity>> = {
  'sign-out': 'user',
  'session-revoked': 'user',
  'grant-revoked': 'user',
  'token-revoked': 'user',
  'code-reuse': 'policy',
  'refresh-token-reuse': 'policy',
};

/** CAEP session-revoked (CAEP 1.0 §3.1): tokens have ended, namely those that the subject says. */
export const sessionRevoked: ToldEvents = {
  name: 'session-revoked',
  of: REVOKING_TYPES,
  tell: (event, naming) => {
    const ended = revokedBy(event.type);
    if (!ended) throw new Error(`${event.type} ends nothing`);
    const members = circumstancesOf(event, BY[event.type] ?? 'system');
    return {
      subject: SUBJECT_OF[ended](event, naming),
      members: ended === 'client' ? { ...members, ...generationOf(event) } : members,
    };
  },
};

/** The generation of the client's tokens that have not ended: those of a lower one have; without it, all have. */
function generationOf({ details }: TellableEvent): { generation?: number } {
  const generation = details?.generation;
  return generation === undefined ? {} : { generation: Number(generation) };
}
