import { randomInt } from 'node:crypto';

// No vowels, so that codes spell no words, and no letters that look like digits (RFC 8628 §6.1). Eight letters have 34
// bits.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** Generates a user code, in the form in which it is stored. */
export const newUserCode = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Formats a stored user code for display: `XXXX-XXXX`. */
export const formatUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** Returns the stored form of a user code that a user typed. Case, hyphens and spaces do not matter (RFC 8628 §6.1). */
export const readUserCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
