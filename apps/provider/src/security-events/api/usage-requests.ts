import { encodedCursorParameter, writeCursor } from '@trefoil/resource-api';
import { z } from 'zod';
import type { UsageBucket } from '../usage/usage.js';
import { moment, text } from './event-requests.js';

type UsagePosition = Pick<UsageBucket, 'hour' | 'kind' | 'subject'>;

/** The cursor of a page. `Date` and PostgreSQL can represent every time in milliseconds of at most 14 digits. */
const cursor = encodedCursorParameter(
  /^\d{10,14} (client|user) [^\0]+$/,
  ([milliseconds, kind, ...subject]): UsagePosition => ({
    hour: new Date(Number(milliseconds)),
    kind: kind === 'user' ? 'user' : 'client',
    subject: subject.join(' '),
  }),
);

/** The query of an administrator for usage. The default range is the last 24 hours. */
export const UsageQuery = z.object({
  client: text.optional(),
  user: z.guid('must be the id of a user').optional(),
  from: moment.optional(),
  to: moment.optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type UsageQuery = z.output<typeof UsageQuery>;

/** Returns the cursor that continues after the last bucket of a page. */
export const usageCursorOf = ({ hour, kind, subject }: UsagePosition): string =>
  writeCursor(`${hour.getTime()}`, kind, subject);
