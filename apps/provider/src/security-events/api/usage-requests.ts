import { z } from 'zod';
import type { UsageBucket } from '../usage/usage.js';
import { moment, text } from './event-requests.js';
import { cursorParameter, writeCursor } from './opaque-cursor.js';

type UsagePlace = Pick<UsageBucket, 'hour' | 'kind' | 'subject'>;

/** Its milliseconds are of a time that `Date` and PostgreSQL have: more digits need not be. */
const cursor = cursorParameter(/^\d{10,14} (client|user) [^\0]+$/, ([milliseconds, kind, ...subject]): UsagePlace => ({
  hour: new Date(Number(milliseconds)),
  kind: kind === 'user' ? 'user' : 'client',
  subject: subject.join(' '),
}));

/** How an administrator asks for usage; the last 24 hours unless said otherwise. */
export const UsageQuery = z.object({
  client: text.optional(),
  user: z.guid('must be the id of a user').optional(),
  from: moment.optional(),
  to: moment.optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type UsageQuery = z.output<typeof UsageQuery>;

/** The cursor of a page that ends with a bucket. */
export const usageCursorOf = ({ hour, kind, subject }: UsagePlace): string =>
  writeCursor(`${hour.getTime()}`, kind, subject);
