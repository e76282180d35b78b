/** What a security event revokes: the token, or all tokens of the grant, session, client or user that it names. */
export type RevokedSubject = 'token' | 'grant' | 'session' | 'client' | 'user';

/**
 * The types of security events, and what each of them revokes. A new type is a line here. A type that revokes something
 * is delivered to every resource server without further code.
 */
const REVOKED_BY = {
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
  'user-password-set': 'user',
  'user-deleted': 'user',
  'administrator-added': undefined,
  'administrator-removed': undefined,
  'signing-key-created': undefined,
  'signing-key-retired': undefined,
  'resource-server-created': undefined,
  'resource-server-updated': undefined,
  'resource-server-removed': undefined,
  'registration-token-created': undefined,
  'registration-token-revoked': undefined,
  'client-secret-added': undefined,
  'client-secret-removed': undefined,
  anomaly: undefined,
} as const satisfies Record<string, RevokedSubject | undefined>;

/** A type of security event. */
export type SecurityEventType = keyof typeof REVOKED_BY;

/** Every type of security event. */
export const SECURITY_EVENT_TYPES = Object.keys(REVOKED_BY) as readonly SecurityEventType[];

/** Returns what an event of a type revokes; undefined when it revokes nothing. */
export const revokedBy = (type: SecurityEventType): RevokedSubject | undefined => REVOKED_BY[type];

/** The types that revoke something. Resource servers must receive them at once. */
export const REVOKING_TYPES = SECURITY_EVENT_TYPES.filter((type) => revokedBy(type) !== undefined);
