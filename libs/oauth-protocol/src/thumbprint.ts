const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Whether a value has the form of the SHA-256 thumbprint of a key: 32 bytes, base64url (RFC 7638, RFC 9449 §6.1). */
export const isThumbprint = (value: string): boolean => THUMBPRINT.test(value);
