import { z } from 'zod';

const outcome = z.enum(['success', 'failure']);

/** What is told of an event to everybody who may see it. */
const eventMembers = {
  id: z.string(),
  occurredAt: z.iso.datetime(),
  /** The kind of event, such as `sign-in`. */
  type: z.string(),
  outcome,
  /** What happened, in words. */
  what: z.string(),
  clientId: z.string().nullable(),
  clientName: z.string().nullable(),
  sessionId: z.string().nullable(),
  grantId: z.string().nullable(),
  /** The network address it came from. */
  address: z.string().nullable(),
  /** The `User-Agent` it came with. */
  agent: z.string().nullable(),
  details: z.record(z.string(), z.string()),
};

/** Something that happened with a user's account, as the user sees it. */
export const AccountEvent = z.object({
  ...eventMembers,
  /** Whether it was done by somebody else than the user or an application, such as an administrator. */
  byOperator: z.boolean(),
});
export type AccountEvent = z.infer<typeof AccountEvent>;

/** A page of a user's events; `nextCursor` is null on the last one. */
export const AccountEventPage = z.object({ items: z.array(AccountEvent), nextCursor: z.string().nullable() });
export type AccountEventPage = z.infer<typeof AccountEventPage>;

/** A security event as administrators see it. */
export const SecurityEventEntry = z.object({
  ...eventMembers,
  userId: z.string().nullable(),
  /** Who did it, when it was neither the user nor the client that it is about. */
  actor: z.string().nullable(),
  /** The `jti` of an access token. */
  tokenId: z.string().nullable(),
  /** What answers and log lines quote of the request. */
  requestId: z.string().nullable(),
});
export type SecurityEventEntry = z.infer<typeof SecurityEventEntry>;

/** A page of security events; `nextCursor` is null on the last one. */
export const SecurityEventPage = z.object({ items: z.array(SecurityEventEntry), nextCursor: z.string().nullable() });
export type SecurityEventPage = z.infer<typeof SecurityEventPage>;

/** One line of the export of security events; the export after its `cursor` begins with the line that follows. */
export const SecurityEventLine = SecurityEventEntry.omit({ clientName: true }).extend({ cursor: z.string() });
export type SecurityEventLine = z.infer<typeof SecurityEventLine>;

/** What one client or one user did in one hour. */
export const UsageEntry = z.object({
  hour: z.iso.datetime(),
  clientId: z.string().nullable(),
  userId: z.string().nullable(),
  /** How often, by grant type; `refused` requests and `introspection`s beside them. */
  counts: z.record(z.string(), z.number().int()),
});
export type UsageEntry = z.infer<typeof UsageEntry>;

/** A page of usage; `nextCursor` is null on the last one. */
export const UsagePage = z.object({ items: z.array(UsageEntry), nextCursor: z.string().nullable() });
export type UsagePage = z.infer<typeof UsagePage>;
