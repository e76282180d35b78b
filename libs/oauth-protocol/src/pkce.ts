import { createHash } from 'node:crypto';
import { equalInConstantTime } from './secrets.js';

const CODE_VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** Returns whether a value has the form of an S256 code challenge: 32 bytes in base64url (RFC 7636 §4.2). */
export const isCodeChallenge = (value: string): boolean => S256_CHALLENGE.test(value);

/** Returns whether a value has the form of a code verifier: 43 to 128 unreserved characters (RFC 7636 §4.1). */
export const isCodeVerifier = (value: string): boolean => CODE_VERIFIER.test(value);

/** Returns the S256 code challenge of a code verifier (RFC 7636 §4.2). */
export const codeChallengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Returns whether a code verifier matches an S256 code challenge (RFC 7636 §4.6). */
export const verifierMatches = (verifier: string, challenge: string): boolean =>
  isCodeVerifier(verifier) && equalInConstantTime(codeChallengeOf(verifier), challenge);
