import type { SecurityEventType } from './security-event-type.js';

/** What happened, in words: when it went well, and when it was refused. */
interface EventWords {
  readonly success: string;
  readonly failure: string;
}

/** An act that is recorded only when it is done. */
const done = (words: string): EventWords => ({ success: words, failure: `${words}: refused` });

/** An act that is recorded only when it is refused. */
const refused = (words: string): EventWords => ({ success: words, failure: words });

/** What each kind of event says; a new kind is a line here too, and one in docs/events-and-usage.md. */
const WORDS: Record<SecurityEventType, EventWords> = {
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
  'client-secret-added': done('Secret of an application added'),
  'client-secret-removed': done('Secret of an application removed'),
  'user-created': done('Account created'),
  'user-disabled': done('Account disabled'),
  'user-enabled': done('Account enabled'),
  'user-tokens-revoked': done('All sessions and all access ended'),
  anomaly: refused('Unusual activity'),
};

/** What an event says happened, such as `Signed in`; a kind of event that a later version wrote has only its name. */
export const wordsOf = (type: string, outcome: keyof EventWords): string =>
  Object.hasOwn(WORDS, type) ? WORDS[type as SecurityEventType][outcome] : type;
