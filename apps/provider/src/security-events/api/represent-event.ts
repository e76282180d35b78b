import type { AccountEvent, SecurityEventEntry, SecurityEventLine } from '@trefoil/dto';
import { whatHappened } from '../anomalies/what-happened.js';
import { ownEvent } from '../own-event.js';
import type { SecurityEvent } from '../security-event.entity.js';
import type { PositionedEvent } from '../security-event-log.js';
import { lineCursorOf } from './event-requests.js';

type Names = ReadonlyMap<string, string>;

/** An event as its user sees it. */
export function representOwnEvent(event: SecurityEvent, clientNames: Names): AccountEvent {
  const own = ownEvent(event);
  return {
    ...own,
    occurredAt: own.occurredAt.toISOString(),
    what: whatHappened(event),
    clientName: clientNames.get(own.clientId ?? '') ?? null,
  };
}

/** An event as administrators see it. */
export function representEvent(event: SecurityEvent, clientNames: Names): SecurityEventEntry {
  return { ...withoutName(event), clientName: clientNames.get(event.clientId ?? '') ?? null };
}

/** An event as a line of the export. */
export const representLine = (event: PositionedEvent): SecurityEventLine => ({
  ...withoutName(event),
  cursor: lineCursorOf(event),
});

function withoutName(event: SecurityEvent): Omit<SecurityEventEntry, 'clientName'> {
  const { id, occurredAt, type, outcome, actor, userId, clientId, sessionId, grantId, tokenId } = event;
  const { address, agent, requestId, details } = event;
  return {
    ...{ id, occurredAt: occurredAt.toISOString(), type, outcome, what: whatHappened(event), actor, userId, clientId },
    ...{ sessionId, grantId, tokenId, address, agent, requestId, details: details ?? {} },
  };
}
