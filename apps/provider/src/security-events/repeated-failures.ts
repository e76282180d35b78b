import { networkOf } from '@trefoil/server-kit';
import type { SecurityEventContent } from './security-events.js';
import type { SecurityEventType } from './security-event-type.js';

/** The failures that anybody can cause, as often as they like. */
const REPEATABLE: readonly SecurityEventType[] = [
  'sign-in',
  'client-authentication',
  'registration-refused',
  'token-refused',
  'user-code',
  'dpop-proof',
];

/** The different failures that are counted at the same time. Their number is limited, because strangers choose client ids. */
const MOST_ENTRIES = 1000;

interface Entry {
  /** The newest failure. */
  event: SecurityEventContent;
  /** The failures since the first, which was recorded by itself. */
  count: number;
}

/**
 * Counts failures that repeat one that was just recorded: of the same type, user, client and network, for the same reason. So
 * a stranger cannot fill the append-only table of events.
 */
export class RepeatedFailures {
  private entries = new Map<string, Entry>();

  /** Returns whether so many failures are counted that {@link take} must come first. */
  get isFull(): boolean {
    return this.entries.size >= MOST_ENTRIES;
  }

  /** Counts a failure that repeats another one, and returns true. Returns false for an event to record by itself. */
  counts(event: SecurityEventContent): boolean {
    if (event.outcome !== 'failure' || !REPEATABLE.includes(event.type)) return false;
    const key = keyOf(event);
    const entry = this.entries.get(key);
    if (entry) {
      entry.event = event;
      entry.count += 1;
    } else {
      this.entries.set(key, { event, count: 0 });
    }
    return entry !== undefined;
  }

  /** Returns one event with `details.count` for each failure that was repeated, and begins anew. */
  take(): SecurityEventContent[] {
    const taken = [...this.entries.values()];
    this.entries = new Map();
    return taken
      .filter(({ count }) => count > 0)
      .map(({ event, count }) => ({ ...event, details: { ...event.details, count: String(count) } }));
  }
}

const keyOf = ({ type, userId, clientId, address, details }: SecurityEventContent): string =>
  JSON.stringify([type, userId ?? null, clientId ?? null, address ? networkOf(address) : null, details ?? null]);
