import type { TellableEvent } from '../streams/stream-outbox.js';
import type { SecurityEventType } from '../../security-events/security-event-type.js';
import type { EventTypeName } from './event-types.js';

/** A subject identifier (RFC 9493 §3), or several members that together name one subject (SSF 1.0 §3.3). */
export type SubjectIdentifier = Readonly<Record<string, unknown>> & { readonly format: string };

/** How the transmitter names things to one receiver. */
export interface Naming {
  readonly iss: string;
  /** The `sub` by which the receiver knows a user. */
  readonly sub: (userId: string) => string;
}

/** What is told of an event. */
export interface Told {
  readonly subject: SubjectIdentifier;
  /** The members of the event (RFC 8417 §2.2). */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Security events that are told as events of one type. */
export interface ToldEvents {
  readonly name: EventTypeName;
  readonly of: readonly SecurityEventType[];
  readonly tell: (event: TellableEvent, naming: Naming) => Told;
}
