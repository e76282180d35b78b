import type { SecurityEvent } from './security-event.entity.js';

/** What the details of an event may tell the user it is about; the rest is for administrators. */
const TOLD = ['scope', 'claims', 'fields', 'reason', 'rule', 'network', 'before', 'failures', 'count'];

/** An event as the user it is about may see it. */
export type OwnEvent = Pick<
  SecurityEvent,
  'id' | 'occurredAt' | 'type' | 'outcome' | 'clientId' | 'sessionId' | 'grantId' | 'address' | 'agent'
> & {
  /** Whether it was done by somebody else than the user or an application, such as an administrator. */
  readonly byOperator: boolean;
  readonly details: Readonly<Record<string, string>>;
};

/** What an event tells the user it is about. Of whoever else acted, it tells neither who nor from where. */
export function ownEvent(event: SecurityEvent): OwnEvent {
  const { id, occurredAt, type, outcome, clientId, sessionId, grantId, address, agent } = event;
  const byOperator = event.actor !== null && event.actor !== event.userId;
  return {
    ...{ id, occurredAt, type, outcome, clientId, sessionId, grantId, byOperator },
    address: byOperator ? null : address,
    agent: byOperator ? null : agent,
    details: Object.fromEntries(Object.entries(event.details ?? {}).filter(([name]) => TOLD.includes(name))),
  };
}
