import type { SecurityEvent } from './security-event.entity.js';

/** The details of an event that its user may see; only administrators see the others. */
const VISIBLE_DETAILS = ['scope', 'claims', 'fields', 'reason', 'rule', 'network', 'before', 'failures', 'count'];

/** An event as the user it is about may see it. */
export type EventForUser = Pick<
  SecurityEvent,
  'id' | 'occurredAt' | 'type' | 'outcome' | 'clientId' | 'sessionId' | 'grantId' | 'address' | 'agent'
> & {
  /** Whether an administrator or a command caused the event, and not the user or an application. */
  readonly byOperator: boolean;
  readonly details: Readonly<Record<string, string>>;
};

/** Returns the part of an event that its user may see. It does not reveal who and where an operator is. */
export function eventForUser(event: SecurityEvent): EventForUser {
  const { id, occurredAt, type, outcome, clientId, sessionId, grantId, address, agent } = event;
  const byOperator = event.actor !== null && event.actor !== event.userId;
  return {
    ...{ id, occurredAt, type, outcome, clientId, sessionId, grantId, byOperator },
    address: byOperator ? null : address,
    agent: byOperator ? null : agent,
    details: Object.fromEntries(Object.entries(event.details ?? {}).filter(([name]) => VISIBLE_DETAILS.includes(name))),
  };
}
