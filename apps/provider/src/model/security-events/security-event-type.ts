/** What an event ends: nothing, or the tokens that name the same token, grant, session, client or user. */
export type Ended = 'token' | 'grant' | 'session' | 'client' | 'user' | undefined;

/**
 * The kinds of security events, and what each of them ends. A new kind is a line here; one that ends something reaches
 * every resource server by itself.
 */
const ENDED_BY = {
  'sign-in': undefined,
  'sign-out': 'session',
  'session-revoked': 'session',
  'client-authentication': undefined,
  'client-registered': undefined,
  'client-updated': undefined,
  'client-removed': 'client',
  'client-disabled': 'client',
  'client-enabled': undefined,
  'client-tokens-revoked': 'client',
  consent: undefined,
  'code-reuse': 'grant',
  'refresh-token-reuse': 'grant',
  'grant-revoked': 'grant',
  'token-revoked': 'token',
  'user-created': undefined,
  'user-disabled': 'user',
  'user-enabled': undefined,
  'user-tokens-revoked': 'user',
} as const satisfies Record<string, Ended>;

/** The kinds of security events that are recorded. */
export type SecurityEventType = keyof typeof ENDED_BY;

/** What an event of that kind ends. */
export const endedBy = (type: SecurityEventType): Ended => ENDED_BY[type];

/** The kinds that end something: those of which others have to hear at once. */
export const ENDING_TYPES = (Object.keys(ENDED_BY) as SecurityEventType[]).filter(
  (type) => endedBy(type) !== undefined,
);
