import { StreamQuery } from '@trefoil/dto';
import { encodedCursorParameter, INVALID_CURSOR, writeCursor } from '@trefoil/resource-api';
import { z } from 'zod';
import type { EventPosition } from '../security-event-log.js';
import { SECURITY_EVENT_TYPES } from '../security-event-type.js';

/** The format of a number that fits into a `bigint` of PostgreSQL. */
const NUMBER = '[1-9]\\d{0,17}';

const limit = z.coerce.number().int().min(1).max(100).default(20);

const pageCursor = encodedCursorParameter(new RegExp(`^page ${NUMBER}$`), ([, id = '']) => id);

const lineCursor = encodedCursorParameter(
  new RegExp(`^line ${NUMBER} ${NUMBER}$`),
  ([, transactionId = '', id = '']): EventPosition => ({ transactionId, id }),
);

/** A text to search for. PostgreSQL cannot store U+0000. */
export const text = z
  .string()
  .max(600)
  .refine((value) => !value.includes('\0'), 'must not contain a NUL character');

/** A time with its offset from UTC. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-05-01T00:00:00Z' })
  .transform((value) => new Date(value));

const filter = {
  type: z.enum(SECURITY_EVENT_TYPES, 'must be a type of event').optional(),
  outcome: z.enum(['success', 'failure'], 'must be success or failure').optional(),
  user: z.guid('must be the id of a user').optional(),
  client: text.optional(),
  session: z.guid('must be the id of a session').optional(),
  grant: z.guid('must be the id of a grant').optional(),
  from: moment.optional(),
  to: moment.optional(),
};

/** The query of a user for their own events. */
export const AccountEventQuery = z.object({ cursor: pageCursor.optional(), limit });
export type AccountEventQuery = z.output<typeof AccountEventQuery>;

/** The query of an administrator for a page of events or for an export. Pages and exports have different cursors. */
export const EventQuery = StreamQuery.extend({
  ...filter,
  cursor: z.union([pageCursor, lineCursor], INVALID_CURSOR).optional(),
  limit,
});
export type EventQuery = z.output<typeof EventQuery>;

/** Returns the cursor that continues after the last event of a page. */
export const pageCursorOf = ({ id }: { readonly id: string }): string => writeCursor('page', id);

/** Returns the cursor that continues after a line of the export. */
export const lineCursorOf = ({ transactionId, id }: EventPosition): string => writeCursor('line', transactionId, id);
