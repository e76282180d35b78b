import type { TypeMapping } from '../streams/stream-outbox.js';
import { accountDisabled, accountEnabled, accountPurged } from './account-status.js';
import { credentialChange } from './credential-change.js';
import { EVENT_TYPES, type EventMapping } from './event-mapping.js';
import { sessionRevoked } from './session-revoked.js';

/** Every event mapping. A new one is a file and an entry here. */
export const EVENT_MAPPINGS: readonly EventMapping[] = [
  sessionRevoked,
  credentialChange,
  accountDisabled,
  accountEnabled,
  accountPurged,
];

/** The URIs of the event types that a receiver may request. */
export const SUPPORTED_EVENTS: readonly string[] = EVENT_MAPPINGS.map(({ name }) => EVENT_TYPES[name]);

/** Returns the supported ones of the requested event types; all when the receiver requested none (SSF 1.0 §8.1.1). */
export const deliveredEvents = (requested: readonly string[] | null): readonly string[] =>
  requested === null ? SUPPORTED_EVENTS : SUPPORTED_EVENTS.filter((uri) => requested.includes(uri));

/** Returns which types of security events are delivered as which event types to a receiver that requested these. */
export function mappingsFor(requested: readonly string[] | null): TypeMapping[] {
  const delivered = deliveredEvents(requested);
  return EVENT_MAPPINGS.filter(({ name }) => delivered.includes(EVENT_TYPES[name])).flatMap(({ name, from }) =>
    from.map((type) => ({ type, signal: name })),
  );
}

/** Returns the mapping to an event type; throws when there is none. */
export function mappingOf(name: string): EventMapping {
  const found = EVENT_MAPPINGS.find((mapping) => mapping.name === name);
  if (!found) throw new Error(`There is no mapping to the event type ${name}.`);
  return found;
}
