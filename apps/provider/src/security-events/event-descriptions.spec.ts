import { readFileSync } from 'node:fs';
import { SECURITY_EVENT_TYPES } from './security-event-type.js';
import { describeEventType } from './event-descriptions.js';

const documentation = readFileSync(new URL('../../../../docs/events-and-usage.md', import.meta.url), 'utf8');

describe('every type of event', () => {
  it.each(SECURITY_EVENT_TYPES)('%s has a description, and is in docs/events-and-usage.md', (type) => {
    expect(describeEventType(type, 'success')).not.toBe(type);
    expect(describeEventType(type, 'failure')).not.toBe(type);
    expect(documentation).toContain(`| \`${type}\` |`);
  });

  it('that only a later version knows is described by its name', () => {
    expect(describeEventType('something-new', 'success')).toBe('something-new');
    expect(describeEventType('toString', 'success')).toBe('toString');
  });
});
