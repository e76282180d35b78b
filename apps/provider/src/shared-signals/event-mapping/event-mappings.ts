import type { Telling } from '../streams/stream-outbox.js';
import { EVENT_TYPES } from './event-types.js';
import { accountChange } from './account-change.js';
import { credentialChange } from './credential-change.js';
import { sessionRevoked } from './session-revoked.js';
import type { ToldEvents } from './event-mapping.js';

/** Every event that is told to receivers, by type. */
export const TOLD_EVENTS: readonly ToldEvents[] = [sessionRevoked, credentialChange, ...accountChange];

/** The URIs of the event types that a receiver may ask for. */
export const SUPPORTED_EVENTS: readonly string[] = TOLD_EVENTS.map(({ name }) => EVENT_TYPES[name]);

/** What a receiver gets of what it asked for; everything when it asked for nothing in particular (SSF 1.0 §8.1.1). */
export const deliveredOf = (requested: readonly string[] | null): readonly string[] =>
  requested === null ? SUPPORTED_EVENTS : SUPPORTED_EVENTS.filter((uri) => requested.includes(uri));

/** Which security events are told by which signal, to a receiver that asked for these types. */
export function tellingsOf(requested: readonly string[] | null): Telling[] {
  const delivered = deliveredOf(requested);
  return TOLD_EVENTS.filter(({ name }) => delivered.includes(EVENT_TYPES[name])).flatMap(({ name, of }) =>
    of.map((type) => ({ type, signal: name })),
  );
}

/** How events of a type are told. */
export function toldEvents(name: string): ToldEvents {
  const found = TOLD_EVENTS.find((each) => each.name === name);
  if (!found) throw new Error(`nothing is told by ${name}`);
  return found;
}
