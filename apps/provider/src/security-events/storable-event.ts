import type { SecurityEventContent } from './security-events.js';

/** As much of a text as an index of PostgreSQL takes whatever its characters are (a third of a page, 4 bytes each). */
const LONGEST = 600;

/** A text that strangers may have chosen, as it can be stored: PostgreSQL takes neither U+0000 nor half a character. */
const storable = (text: string): string => text.slice(0, LONGEST).replace(/\0|\p{Cs}/gu, '\uFFFD');

/** An event as it can be stored: what a stranger calls itself must be unable to keep its act from being recorded. */
export function storableEvent(event: SecurityEventContent): SecurityEventContent {
  const texts = (members: object): object =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [name, typeof value === 'string' ? storable(value) : value]),
    );
  return {
    ...event,
    ...texts(event),
    ...(event.details && { details: { ...event.details, ...texts(event.details) } }),
  };
}
