import { createHash } from 'node:crypto';
import { equalInConstantTime } from './constant-time.js';

const CODE_VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** Whether a value has the form of an S256 code challenge: 32 bytes, base64url (RFC 7636 §4.2). */
export const isCodeChallenge = (value: string): boolean => S256_CHALLENGE.test(value);

/** Whether a value has the form of a code verifier: 43 to 128 unreserved characters (RFC 7636 §4.1). */
export const isCodeVerifier = (value: string): boolean => CODE_VERIFIER.test(value);

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export const codeChallengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Whether a verifier belongs to a challenge (RFC 7636 §4.6). */
export const verifierMatches = (verifier: string, challenge: string): boolean =>
  isCodeVerifier(verifier) && equalInConstantTime(codeChallengeOf(verifier), challenge);
