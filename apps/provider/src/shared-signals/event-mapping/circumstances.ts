import type { TellableEvent } from '../streams/stream-outbox.js';
import { describeEventType } from '../../security-events/event-descriptions.js';

/** Who brought an event about (CAEP 1.0 §2). */
export type InitiatingEntity = 'admin' | 'user' | 'policy' | 'system';

/** When, by whom and why, as CAEP has it of every event (CAEP 1.0 §2); somebody who is recorded was an administrator. */
export function circumstancesOf(
  { occurredAt, actor, type, outcome }: TellableEvent,
  otherwiseBy: InitiatingEntity,
): Readonly<Record<string, unknown>> {
  const reason = { en: describeEventType(type, outcome) };
  return {
    event_timestamp: Math.floor(occurredAt.getTime() / 1000),
    initiating_entity: actor === null ? otherwiseBy : 'admin',
    reason_admin: reason,
    reason_user: reason,
  };
}
