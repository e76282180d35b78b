import { cursorParameter } from './cursor.js';

// Milliseconds since 1970 in 12 digits, and the id. Every text of this form is a position that PostgreSQL can store.
const FORM = /^[0-9a-f]{44}$/;
const TIME_DIGITS = 12;
const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/**
 * A position in a list that is sorted by creation time and id, neither of which ever changes. The page after it begins with
 * the row that follows. The database column must have a precision of milliseconds, because a `Date` holds no more.
 */
export interface CreationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Returns the cursor of a row. */
export const creationCursorOf = ({ createdAt, id }: CreationPosition): string =>
  createdAt.getTime().toString(16).padStart(TIME_DIGITS, '0') + id.replaceAll('-', '');

/** The schema of a `cursor` query parameter that {@link creationCursorOf} wrote. */
export const creationCursor = cursorParameter(FORM, (cursor): CreationPosition => ({
  createdAt: new Date(parseInt(cursor.slice(0, TIME_DIGITS), 16)),
  id: cursor.slice(TIME_DIGITS).replace(UUID, '$1-$2-$3-$4-$5'),
}));
