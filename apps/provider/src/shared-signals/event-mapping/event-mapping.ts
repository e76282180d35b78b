import { describeEventType } from '../../security-events/event-descriptions.js';
import type { SecurityEventType } from '../../security-events/security-event-type.js';
import type { DeliverableEvent } from '../streams/stream-outbox.js';

const SCHEMAS = 'https://schemas.openid.net/secevent';

/** The URIs of the event types that are delivered, by their last part. */
export const EVENT_TYPES = {
  'session-revoked': `${SCHEMAS}/caep/event-type/session-revoked`,
  'credential-change': `${SCHEMAS}/caep/event-type/credential-change`,
  'account-disabled': `${SCHEMAS}/risc/event-type/account-disabled`,
  'account-enabled': `${SCHEMAS}/risc/event-type/account-enabled`,
  'account-purged': `${SCHEMAS}/risc/event-type/account-purged`,
  verification: `${SCHEMAS}/ssf/event-type/verification`,
  'stream-updated': `${SCHEMAS}/ssf/event-type/stream-updated`,
} as const;

/** The last part of the URI of an event type. */
export type EventTypeName = keyof typeof EVENT_TYPES;

/**
 * A subject identifier (RFC 9493 §3); a complex one has several members that together name a subject (SSF 1.0 §3.3).
 */
export type SubjectIdentifier = Readonly<Record<string, unknown>> & { readonly format: string };

/** The names that the transmitter uses towards one receiver. */
export interface SubjectNaming {
  readonly iss: string;
  /** Returns the `sub` by which the receiver knows a user. */
  readonly sub: (userId: string) => string;
  /** Returns the `sid` by which the receiver knows a session. */
  readonly sid: (sessionId: string) => string;
  /** Returns the resource servers of a token for one of them and of the tokens that it can have been exchanged for. */
  readonly audiences: (audience: string) => readonly string[];
}

/** The subject and the members of an event in a security event token. */
export interface MappedEvent {
  readonly subject: SubjectIdentifier;
  /** The members of the event (RFC 8417 §2.2). */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Maps the security events of some types to events of one type. */
export interface EventMapping {
  readonly name: EventTypeName;
  /** The types of the security events that this mapping applies to. */
  readonly from: readonly SecurityEventType[];
  readonly map: (event: DeliverableEvent, naming: SubjectNaming) => MappedEvent;
}

/** The party that caused an event (CAEP 1.0 §2). */
export type InitiatingEntity = 'admin' | 'user' | 'policy' | 'system';

/**
 * Returns the members that every CAEP event has: when, by whom and why (CAEP 1.0 §2).
 *
 * @param initiatedBy the initiating entity when no actor was recorded; a recorded actor is an administrator.
 */
export function commonMembers(
  { occurredAt, actor, type, outcome }: DeliverableEvent,
  initiatedBy: InitiatingEntity,
): Readonly<Record<string, unknown>> {
  const reason = { en: describeEventType(type, outcome) };
  return {
    event_timestamp: Math.floor(occurredAt.getTime() / 1000),
    initiating_entity: actor === null ? initiatedBy : 'admin',
    reason_admin: reason,
    reason_user: reason,
  };
}
