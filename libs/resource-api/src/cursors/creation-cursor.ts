import { cursorParameter, writeCursor } from './cursor.js';

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

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
  writeCursor(createdAt.toISOString(), id);

function readPosition(text: string): CreationPosition | undefined {
  const [, time, id] = FORM.exec(text) ?? [];
  const createdAt = new Date(time ?? NaN);
  return id && !Number.isNaN(createdAt.getTime()) ? { createdAt, id } : undefined;
}

/** The schema of a `cursor` query parameter that {@link creationCursorOf} wrote. */
export const creationCursor = cursorParameter(readPosition);
