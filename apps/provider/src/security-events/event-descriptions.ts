import type { SecurityEventType } from './security-event-type.js';

/** The descriptions of a type of event, by outcome. */
interface EventDescriptions {
  readonly success: string;
  readonly failure: string;
}

/** Describes a type of event that is recorded only after success. */
const done = (text: string): EventDescriptions => ({ success: text, failure: `${text}: refused` });

/** Describes a type of event that is recorded only after a failure. */
const refused = (text: string): EventDescriptions => ({ success: text, failure: text });

/** The descriptions of all types of events. A new type needs a line here and a line in docs/events-and-usage.md. */
const DESCRIPTIONS: Record<SecurityEventType, EventDescriptions> = {
  'sign-in': { success: 'Signed in', failure: 'Failed to sign in' },
  'sign-out': done('Signed out'),
  'session-revoked': done('Session ended'),
  'account-changed': done('Account changed'),
  'client-authentication': refused('Application failed to prove who it is'),
  'client-registered': done('Application registered'),
  'client-updated': done('Application’s registration changed'),
  'client-removed': done('Application removed'),
  'client-disabled': done('Application disabled'),
  'client-enabled': done('Application enabled'),
  'client-tokens-revoked': done('All access of an application ended'),
  'registration-refused': refused('Registration token refused'),
  consent: { success: 'Application allowed', failure: 'Application denied' },
  'consent-withdrawn': done('Permission withdrawn from an application'),
  'user-code': refused('Code of a device mistyped'),
  'grant-created': done('Application given access'),
  'token-refused': refused('Application was refused a token'),
  'dpop-proof': refused('Proof of a key refused'),
  'code-reuse': refused('Authorization code used twice: access ended'),
  'refresh-token-reuse': refused('Refresh token used twice: access ended'),
  'grant-revoked': done('Access of an application ended'),
  'token-revoked': done('Access token ended'),
  'signing-key-created': done('Signing key made'),
  'signing-key-retired': done('Signing key retired'),
  'resource-server-created': done('Resource server registered'),
  'resource-server-updated': done('Resource server changed'),
  'resource-server-removed': done('Resource server deleted'),
  'registration-token-created': done('Registration token created'),
  'registration-token-revoked': done('Registration token revoked'),
  'client-secret-added': done('Secret of an application added'),
  'client-secret-removed': done('Secret of an application removed'),
  'user-created': done('Account created'),
  'user-disabled': done('Account disabled'),
  'user-enabled': done('Account enabled'),
  'user-tokens-revoked': done('All sessions and all access ended'),
  'user-password-set': done('Password set by an administrator, all sessions and all access ended'),
  'user-deleted': done('Account deleted'),
  'administrator-added': done('Made an administrator'),
  'administrator-removed': done('Is no longer an administrator'),
  anomaly: refused('Unusual activity'),
};

/** Describes a type of event, such as `Signed in`. Returns the name of a type that only a later version knows. */
export const describeEventType = (type: string, outcome: keyof EventDescriptions): string =>
  Object.hasOwn(DESCRIPTIONS, type) ? DESCRIPTIONS[type as SecurityEventType][outcome] : type;
