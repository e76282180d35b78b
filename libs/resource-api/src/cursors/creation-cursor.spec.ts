import { creationCursor, creationCursorOf } from './creation-cursor.js';
import { INVALID_CURSOR } from './cursor.js';

const position = { createdAt: new Date('2026-11-22T08:00:00.123Z'), id: '0b7c2e0a-5a3f-4c1d-9e8f-001122334455' };
const written = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor of creation time and id', () => {
  it('stands for the same position when a client sends it back', () => {
    expect(creationCursor.parse(creationCursorOf(position))).toEqual(position);
  });

  it('needs no escaping in a query', () => {
    expect(creationCursorOf(position)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    ['is empty', ''],
    ['is not base64url', '%%%'],
    ['was guessed', written('20')],
    ['names a time that does not exist', written(`2026-13-40T99:00:00.000Z ${position.id}`)],
    ['names a time that PostgreSQL cannot store', written(`-271821-04-20T00:00:00.000Z ${position.id}`)],
    ['has no id', written('2026-11-22T08:00:00.123Z x')],
    ['contains more than a position', written(`2026-11-22T08:00:00.123Z ${position.id} `)],
  ])('is refused when it %s', (_, text) => {
    expect(creationCursor.safeParse(text).error?.issues).toMatchObject([{ message: INVALID_CURSOR }]);
  });

  it('is refused when it is longer than any cursor that was written', () => {
    expect(creationCursor.safeParse('x'.repeat(501)).success).toBe(false);
  });
});
