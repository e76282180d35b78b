import { randomInt } from 'node:crypto';

// No vowels, so that no words come up, and nothing that looks like a digit (RFC 8628 §6.1): 34 bits in eight letters.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** A new user code, as it is stored. */
export const newUserCode = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** A user code as it is shown: `XXXX-XXXX`. */
export const formatUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** What a person typed as it is stored: case, hyphens and blanks do not count (RFC 8628 §6.1). */
export const readUserCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
