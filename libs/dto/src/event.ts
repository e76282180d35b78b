import { z } from 'zod';

const outcome = z.enum(['success', 'failure']);

/** The members of an event that everybody who may see the event can read. */
const eventMembers = {
  id: z.string(),
  occurredAt: z.iso.datetime(),
  /** The kind of event, such as `sign-in`. */
  type: z.string(),
  outcome,
  /** A sentence that describes the event. */
  what: z.string(),
  clientId: z.string().nullable(),
  clientName: z.string().nullable(),
  sessionId: z.string().nullable(),
  grantId: z.string().nullable(),
  /** The network address that the request came from. */
  address: z.string().nullable(),
  /** The `User-Agent` header of the request. */
  agent: z.string().nullable(),
  details: z.record(z.string(), z.string()),
};

/** A security event of an account, as the user sees it. */
export const AccountEvent = z.object({
  ...eventMembers,
  /** Whether an operator caused the event, such as an administrator, and not the user or a client. */
  byOperator: z.boolean(),
});
export type AccountEvent = z.infer<typeof AccountEvent>;

/** A page of a user's events; `nextCursor` is null on the last page. */
export const AccountEventPage = z.object({ items: z.array(AccountEvent), nextCursor: z.string().nullable() });
export type AccountEventPage = z.infer<typeof AccountEventPage>;

/** A security event as administrators see it. */
export const SecurityEventEntry = z.object({
  ...eventMembers,
  userId: z.string().nullable(),
  /** The person or process that caused the event, when it was neither the user nor the client of the event. */
  actor: z.string().nullable(),
  /** The `jti` of an access token. */
  tokenId: z.string().nullable(),
  /** The id of the request, as error answers and log lines show it. */
  requestId: z.string().nullable(),
});
export type SecurityEventEntry = z.infer<typeof SecurityEventEntry>;

/** A page of security events; `nextCursor` is null on the last page. */
export const SecurityEventPage = z.object({ items: z.array(SecurityEventEntry), nextCursor: z.string().nullable() });
export type SecurityEventPage = z.infer<typeof SecurityEventPage>;

/** One line of the export of security events. An export that starts at its `cursor` begins with the next line. */
export const SecurityEventLine = SecurityEventEntry.omit({ clientName: true }).extend({ cursor: z.string() });
export type SecurityEventLine = z.infer<typeof SecurityEventLine>;

/** The number of requests of one client or one user in one hour. */
export const UsageEntry = z.object({
  hour: z.iso.datetime(),
  clientId: z.string().nullable(),
  userId: z.string().nullable(),
  /** The number of requests by grant type; `refused` and `introspection` are counted separately. */
  counts: z.record(z.string(), z.number().int()),
});
export type UsageEntry = z.infer<typeof UsageEntry>;

/** A page of usage; `nextCursor` is null on the last page. */
export const UsagePage = z.object({ items: z.array(UsageEntry), nextCursor: z.string().nullable() });
export type UsagePage = z.infer<typeof UsagePage>;
