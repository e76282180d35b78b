import type { Parameters } from '@trefoil/oauth-protocol';
import type { EventFilter } from '../security-events/event-filter.js';
import { SECURITY_EVENT_TYPES } from '../security-events/security-event-type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const OUTCOMES = ['success', 'failure'] as const;

/** The filter of the events page, with the text that was typed into each field and the error of each field. */
export interface ReadEventFilter {
  readonly filter: EventFilter;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly errors: Readonly<Record<string, string>>;
}

/** Reads the filter that an administrator typed. Ignores empty and invalid fields. */
export function readEventFilter(parameters: Parameters): ReadEventFilter {
  const names = ['type', 'outcome', 'user', 'client', 'session', 'grant', 'from', 'to'];
  const values = Object.fromEntries(names.map((name) => [name, parameters.get(name)?.trim() || undefined]));
  const errors: Record<string, string> = {};
  const id = (name: string): string | undefined => {
    const value = values[name];
    if (value === undefined || UUID.test(value)) return value;
    errors[name] = 'Enter an id, such as a11ce000-0000-4000-8000-000000000001.';
    return undefined;
  };
  const time = (name: string): Date | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    const date = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? `${value}Z` : value);
    if (!Number.isNaN(date.getTime()) && /^\d{4}-\d\d-\d\d/.test(value)) return date;
    errors[name] = 'Enter a time in UTC, such as 2026-05-01T00:00.';
    return undefined;
  };
  const filter: EventFilter = {
    type: SECURITY_EVENT_TYPES.find((type) => type === values.type),
    outcome: OUTCOMES.find((outcome) => outcome === values.outcome),
    user: id('user'),
    client: values.client?.includes('\0') ? undefined : values.client,
    session: id('session'),
    grant: id('grant'),
    from: time('from'),
    to: time('to'),
  };
  if (values.type && !filter.type) errors.type = 'There is no such kind of event.';
  if (values.outcome && !filter.outcome) errors.outcome = 'Enter success or failure.';
  return { filter, values, errors };
}
