import { randomSecret } from '@trefoil/oauth-protocol';
import { passwordProblem } from '../../users/chosen-password.js';
import { wrongUsage } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

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
    return { password: checkNewPassword(typed, '--password-stdin'), isGenerated: false };
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
  const password = checkNewPassword(await terminal.ask('Password: ', { hidden: true }), 'the password');
  if ((await terminal.ask('Once more: ', { hidden: true })) === password) return password;
  throw wrongUsage('error: the two passwords differ');
}

/**
 * Checks a password that somebody chose.
 *
 * @param name where the password comes from, for the message.
 * @throws CommandError `usage`.
 */
export function checkNewPassword(password: string, name: string): string {
  const problem = passwordProblem(password);
  if (problem === undefined) return password;
  throw wrongUsage(`error: ${name} ${problem}`);
}
