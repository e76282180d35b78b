import { z } from 'zod';

const WRITTEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A place in a list of contacts: the page after it begins with the contact that follows this one. */
export interface ContactCursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** Writes a cursor as clients see it: base64url, to be handed back and not to be read. */
export const formatCursor = ({ createdAt, id }: ContactCursor): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/** Reads what {@link formatCursor} wrote; undefined when it is anything else. */
export function parseCursor(text: string): ContactCursor | undefined {
  const [, time, id] = WRITTEN.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  const createdAt = new Date(time ?? NaN);
  return id && !Number.isNaN(createdAt.getTime()) ? { createdAt, id } : undefined;
}

/** The `cursor` of a request. */
export const cursorParameter = z
  .string()
  .max(500)
  .transform((text, context): ContactCursor => {
    const cursor = parseCursor(text);
    if (cursor) return cursor;
    context.addIssue({ code: 'custom', message: 'must be the nextCursor of a page that was read before' });
    return z.NEVER;
  });
