import { readFileSync } from 'node:fs';
import { SECURITY_EVENT_TYPES } from './security-event-type.js';
import { wordsOf } from './event-words.js';

const documentation = readFileSync(new URL('../../../../docs/events-and-usage.md', import.meta.url), 'utf8');

describe('every kind of event', () => {
  it.each(SECURITY_EVENT_TYPES)('%s is told in words, and is in docs/events-and-usage.md', (type) => {
    expect(wordsOf(type, 'success')).not.toBe(type);
    expect(wordsOf(type, 'failure')).not.toBe(type);
    expect(documentation).toContain(`| \`${type}\` |`);
  });

  it('that a later version wrote has its name', () => {
    expect(wordsOf('something-new', 'success')).toBe('something-new');
    expect(wordsOf('toString', 'success')).toBe('toString');
  });
});
