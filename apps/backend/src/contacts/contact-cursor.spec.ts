import { formatCursor, parseCursor } from './contact-cursor.js';

const cursor = { createdAt: new Date('2026-11-22T08:00:00.123Z'), id: '0b7c2e0a-5a3f-4c1d-9e8f-001122334455' };
const written = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('names the same place after it went to a client and back', () => {
    expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  });

  it('needs no escaping in a query', () => {
    expect(formatCursor(cursor)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    ['empty', ''],
    ['no base64url', '%%%'],
    ['somebody’s guess', written('20')],
    ['a time that does not exist', written(`2026-13-40T99:00:00.000Z ${cursor.id}`)],
    ['a time PostgreSQL cannot store', written(`-271821-04-20T00:00:00.000Z ${cursor.id}`)],
    ['no id', written('2026-11-22T08:00:00.123Z x')],
    ['more than a cursor', written(`2026-11-22T08:00:00.123Z ${cursor.id} `)],
  ])('is refused when it is %s', (_, text) => {
    expect(parseCursor(text)).toBeUndefined();
  });
});
