import { Parameters } from '@trefoil/oauth-protocol';
import { readEventFilter } from './read-event-filter.js';

const read = (values: Record<string, string>) => readEventFilter(Parameters.from(values));

describe('readEventFilter', () => {
  it('uses the fields that are filled in, and ignores empty ones', () => {
    const { filter, errors } = read({ type: 'sign-in', outcome: '', client: ' frontend ', from: '2026-05-01T10:30' });
    expect(errors).toEqual({});
    expect(filter).toEqual({ type: 'sign-in', client: 'frontend', from: new Date('2026-05-01T10:30:00Z') });
  });

  it.each([
    ['type', 'nonsense'],
    ['outcome', 'maybe'],
    ['user', 'alice'],
    ['session', '1'],
    ['grant', '1'],
    ['from', 'yesterday'],
    ['to', '2026-99-99'],
  ])('reports an invalid %s, and does not filter by it', (name, value) => {
    const { filter, errors } = read({ [name]: value });
    expect(Object.keys(errors)).toEqual([name]);
    expect(filter).toEqual({});
  });
});
