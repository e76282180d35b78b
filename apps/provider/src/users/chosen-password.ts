import { isDemoValue } from '../foundation/demo-values.js';
import { refusedValue } from '../http/refusal.js';

/** The minimum length of a password that is the only factor (NIST SP 800-63B §3.1.1.2). */
const SHORTEST = 15;
const LONGEST = 200;

/** Returns what is wrong with a password that somebody chose; undefined when it can be set. */
export function passwordProblem(password: string): string | undefined {
  // Each code point counts as one character (NIST SP 800-63B-4 §3.1.1.2).
  const { length } = [...password.normalize('NFC')];
  if (length >= SHORTEST && length <= LONGEST && !/[\0\r\n]/.test(password)) return undefined;
  return `must be one line of ${SHORTEST} to ${LONGEST} characters`;
}

/**
 * Checks a password that somebody chose.
 *
 * @throws Refusal that names the member `password`. In production it also refuses the passwords of the demo.
 */
export function checkPassword(password: string, { NODE_ENV }: { readonly NODE_ENV: string }): void {
  const isPublic = NODE_ENV === 'production' && isDemoValue(password);
  const problem = isPublic ? 'must not be a password of the demo, which everybody knows' : passwordProblem(password);
  if (problem) throw refusedValue('password', problem);
}
