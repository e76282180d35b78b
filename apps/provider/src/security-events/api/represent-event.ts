import type { AccountEvent, SecurityEventEntry, SecurityEventLine } from '@trefoil/dto';
import { describeEvent } from '../anomalies/describe-event.js';
import { eventForUser } from '../event-for-user.js';
import type { SecurityEvent } from '../security-event.entity.js';
import type { PositionedEvent } from '../security-event-log.js';
import { lineCursorOf } from './event-requests.js';

type Names = ReadonlyMap<string, string>;

/** Returns an event as its user sees it. */
export function representOwnEvent(event: SecurityEvent, clientNames: Names): AccountEvent {
  const own = eventForUser(event);
  return {
    ...own,
    occurredAt: own.occurredAt.toISOString(),
    what: describeEvent(event),
    clientName: clientNames.get(own.clientId ?? '') ?? null,
  };
}

/** Returns an event as administrators see it. */
export function representEvent(event: SecurityEvent, clientNames: Names): SecurityEventEntry {
  return { ...withoutName(event), clientName: clientNames.get(event.clientId ?? '') ?? null };
}

/** Returns an event as a line of the export. */
export const representLine = (event: PositionedEvent): SecurityEventLine => ({
  ...withoutName(event),
  cursor: lineCursorOf(event),
});

function withoutName(event: SecurityEvent): Omit<SecurityEventEntry, 'clientName'> {
  const { id, occurredAt, type, outcome, actor, userId, clientId, sessionId, grantId, tokenId } = event;
  const { address, agent, requestId, details } = event;
  return {
    ...{ id, occurredAt: occurredAt.toISOString(), type, outcome, what: describeEvent(event), actor, userId, clientId },
    ...{ sessionId, grantId, tokenId, address, agent, requestId, details: details ?? {} },
  };
}
