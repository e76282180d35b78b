import { creationCursor, creationCursorOf } from './creation-cursor.js';
import { INVALID_CURSOR, writeCursor } from './cursor.js';

const position = { createdAt: new Date('2026-11-22T08:00:00.123Z'), id: '0b7c2e0a-5a3f-4c1d-9e8f-001122334455' };

describe('a cursor of creation time and id', () => {
  it('stands for the same position when a client sends it back', () => {
    expect(creationCursor.parse(creationCursorOf(position))).toEqual(position);
  });

  it('needs no escaping in a query', () => {
    expect(creationCursorOf(position)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each(['0', 'f'])('is accepted in every form that the documentation allows: %s', (digit) => {
    const { createdAt } = creationCursor.parse(digit.repeat(44));
    expect(createdAt.getTime()).toBe(parseInt(digit.repeat(12), 16));
  });

  it.each([
    ['is empty', ''],
    ['is not hexadecimal', '%%%'],
    ['was guessed', '20'],
    ['was written by another list', writeCursor(`2026-11-22T08:00:00.123Z ${position.id}`)],
    ['names a time that does not exist', writeCursor(`2026-13-40T99:00:00.000Z ${position.id}`)],
    ['names a time that PostgreSQL cannot store', `1${creationCursorOf(position)}`],
    ['has no id', creationCursorOf(position).slice(0, 12)],
    ['contains more than a position', `${creationCursorOf(position)} `],
  ])('is refused when it %s', (_, text) => {
    expect(creationCursor.safeParse(text).error?.issues).toMatchObject([{ message: INVALID_CURSOR }]);
  });

  it('is refused when it is longer than any cursor that was written', () => {
    expect(creationCursor.safeParse('x'.repeat(501)).success).toBe(false);
  });
});
