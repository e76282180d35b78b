/**
 * The authentication context class of a password that was sent over a protected connection: the one class that people
 * reach here, by a name that is registered and widely known (SAML 2.0 Authentication Context §3.4.8).
 */
export const PASSWORD_CLASS = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** Every class that a sign-in can reach (`acr`, OpenID Connect Core §2). A new way to sign in adds its own. */
export const REACHABLE_CLASSES: readonly string[] = [PASSWORD_CLASS];

/** The class of a sign-in by these methods (RFC 8176); null when it is of none. */
export const classOf = (amr: readonly string[]): string | null => (amr.includes('pwd') ? PASSWORD_CLASS : null);
