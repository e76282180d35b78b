import { randomSecret } from '@trefoil/oauth-protocol';
import { wrongUsage } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** The minimum length of a password that is the only factor (NIST SP 800-63B §3.1.1.2). */
const SHORTEST = 15;
const LONGEST = 200;

/** The options that say where a password comes from. A command line is never a source: other users can read it. */
export interface PasswordSource {
  readonly passwordStdin?: true;
  readonly generatePassword?: true;
}

/** A password, and whether it was generated and so must be printed. */
export interface NewPassword {
  readonly password: string;
  readonly isGenerated: boolean;
}

/** Reads, asks for or generates the password of a new user. */
export async function newPassword(source: PasswordSource, terminal: Terminal): Promise<NewPassword> {
  if (source.passwordStdin && source.generatePassword) {
    throw wrongUsage('error: --password-stdin and --generate-password exclude each other');
  }
  if (source.generatePassword) return { password: randomSecret(), isGenerated: true };
  if (source.passwordStdin) {
    const typed = (await terminal.readInput()).replace(/\r?\n$/, '');
    return { password: checkPassword(typed, '--password-stdin'), isGenerated: false };
  }
  if (!terminal.isInteractive) {
    throw wrongUsage(
      'error: no terminal is attached to ask for a password: use --password-stdin or --generate-password',
    );
  }
  return { password: await askNewPassword(terminal), isGenerated: false };
}

/** Asks for a new password twice. */
export async function askNewPassword(terminal: Terminal): Promise<string> {
  const password = checkPassword(await terminal.ask('Password: ', { hidden: true }), 'the password');
  if ((await terminal.ask('Once more: ', { hidden: true })) === password) return password;
  throw wrongUsage('error: the two passwords differ');
}

/**
 * Checks the length of a new password, in code points.
 *
 * @param name where the password comes from, for the message.
 * @throws CommandError `usage`.
 */
export function checkPassword(password: string, name: string): string {
  // Each code point counts as one character (NIST SP 800-63B-4 §3.1.1.2).
  const { length } = [...password.normalize('NFC')];
  if (length >= SHORTEST && length <= LONGEST && !/[\0\r\n]/.test(password)) return password;
  throw wrongUsage(`error: ${name} must be one line of ${SHORTEST} to ${LONGEST} characters`);
}
