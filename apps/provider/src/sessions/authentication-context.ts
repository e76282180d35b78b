/**
 * The authentication context class of a sign-in with a password over a protected connection. The URN is registered and
 * widely known (SAML 2.0 Authentication Context §3.4.8).
 */
export const PASSWORD_ACR = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** Every `acr` value that a sign-in can reach (OpenID Connect Core §2). A new way to sign in adds its own value. */
export const SUPPORTED_ACR_VALUES: readonly string[] = [PASSWORD_ACR];

/** Returns the `acr` of a sign-in by some methods (`amr`, RFC 8176), or null when the methods reach no class. */
export const acrOf = (amr: readonly string[]): string | null => (amr.includes('pwd') ? PASSWORD_ACR : null);
