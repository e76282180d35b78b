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
  'account-changed': undefined,
  'client-authentication': undefined,
  'client-registered': undefined,
  'client-updated': undefined,
  'client-removed': 'client',
  'client-disabled': 'client',
  'client-enabled': undefined,
  'client-tokens-revoked': 'client',
  'registration-refused': undefined,
  consent: undefined,
  'consent-withdrawn': undefined,
  'user-code': undefined,
  'grant-created': undefined,
  'token-refused': undefined,
  'dpop-proof': undefined,
  'code-reuse': 'grant',
  'refresh-token-reuse': 'grant',
  'grant-revoked': 'grant',
  'token-revoked': 'token',
  'user-created': undefined,
  'user-disabled': 'user',
  'user-enabled': undefined,
  'user-tokens-revoked': 'user',
  'signing-key-created': undefined,
  'signing-key-retired': undefined,
  'client-secret-added': undefined,
  'client-secret-removed': undefined,
  anomaly: undefined,
} as const satisfies Record<string, Ended>;

/** The kinds of security events that are recorded. */
export type SecurityEventType = keyof typeof ENDED_BY;

/** Every kind of security event. */
export const SECURITY_EVENT_TYPES = Object.keys(ENDED_BY) as readonly SecurityEventType[];

/** What an event of that kind ends. */
export const endedBy = (type: SecurityEventType): Ended => ENDED_BY[type];

/** The kinds that end something: those of which others have to hear at once. */
export const ENDING_TYPES = SECURITY_EVENT_TYPES.filter((type) => endedBy(type) !== undefined);
