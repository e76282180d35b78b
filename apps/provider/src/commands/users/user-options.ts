import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { wrongUsage } from '../exit-code.js';
import type { OptionNames } from '../refused-options.js';

const Members = z.record(z.string(), z.unknown());

/** The option that sets each member of a user. The file of `--claims` sets every other one. */
export const USER_OPTIONS: OptionNames = {
  sub: '--id',
  email: '--email',
  name: '--name',
  administrator: '--administrator',
  password: 'the password',
};

export const CLAIMS_OPTION = [
  '--claims <file>',
  'JSON file with further members, as in the admin API: standard claims such as given_name and address, email_verified',
] as const;

/** Reads the members in the file of `--claims`. */
export function readClaims(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  try {
    return Members.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw wrongUsage(`error: --claims: ${file} cannot be read as a JSON object`, { cause });
  }
}
