import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { wrongUsage } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { askNewPassword, checkNewPassword } from '../users/new-password.js';

/** The options that name the first administrator. */
export interface AdministratorOptions {
  readonly adminEmail?: string;
  readonly adminPasswordFile?: string;
  readonly adminPasswordStdin?: true;
}

const Email = z.email().max(200);

/**
 * Reads the e-mail address and the password of the first administrator from the options, or asks for them.
 *
 * @throws CommandError `usage` when one is refused, or is missing and no terminal is attached.
 */
export async function firstAdministrator(
  options: AdministratorOptions,
  terminal: Terminal,
): Promise<{ email: string; password: string }> {
  const hasPassword = options.adminPasswordFile !== undefined || options.adminPasswordStdin !== undefined;
  if (!terminal.isInteractive && (options.adminEmail === undefined || !hasPassword)) {
    throw wrongUsage(
      'error: the first administrator is missing, and no terminal is attached to ask for it: use --admin-email with ' +
        '--admin-password-file or --admin-password-stdin',
    );
  }
  const text = options.adminEmail ?? (await terminal.ask('E-mail address of the first administrator: '));
  const email = Email.safeParse(text.trim().toLowerCase());
  if (!email.success) throw wrongUsage(`error: --admin-email ${JSON.stringify(text)} is not an e-mail address`);
  return { email: email.data, password: await password(options, terminal) };
}

async function password(options: AdministratorOptions, terminal: Terminal): Promise<string> {
  const { adminPasswordFile: file, adminPasswordStdin: fromStdin } = options;
  if (file !== undefined && fromStdin) {
    throw wrongUsage('error: --admin-password-file and --admin-password-stdin exclude each other');
  }
  if (file !== undefined) return checkNewPassword(withoutNewline(readPasswordFile(file)), '--admin-password-file');
  if (fromStdin) return checkNewPassword(withoutNewline(await terminal.readInput()), '--admin-password-stdin');
  return askNewPassword(terminal);
}

const withoutNewline = (text: string): string => text.replace(/\r?\n$/, '');

function readPasswordFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrongUsage(`error: --admin-password-file names a file that cannot be read: ${file}`, { cause });
  }
}
