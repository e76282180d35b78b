import { z } from 'zod';
import { UserAdministration } from '../../users/administration/user-administration.js';
import { UserInput } from '../../users/administration/user-input.js';
import { userJson } from '../../users/user-json.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { namingOptions, parseOptions } from '../refused-options.js';
import { textList } from '../text-table.js';
import { newPassword } from './new-password.js';
import { CLAIMS_OPTION, readClaims, USER_OPTIONS } from './user-options.js';

const Email = z.email().max(200);

/** Builds the command `user create`. */
export const createUser = ({ act, terminal }: CommandTools) =>
  command('create', 'Register a user; the password is asked for, read from standard input or generated', [
    'user create carol@example.com --name "Carol Carpenter"',
    'user create carol@example.com --generate-password --json',
    'user create carol@example.com --password-stdin < password.txt',
    'user create carol@example.com --id ca401000-0000-4000-8000-000000000004 --claims carol.json --generate-password',
  ])
    .argument('<email>', 'e-mail address to sign in with')
    .option('--id <uuid>', 'sub, such as the one that the user had in another system (default: a new UUID)')
    .option('--name <name>', 'full name')
    .option(...CLAIMS_OPTION)
    .option('--administrator', 'make the user an administrator')
    .option('--password-stdin', 'read the password from standard input')
    .option('--generate-password', 'generate a password and print it once')
    .action(async (text, options) => {
      const email = Email.safeParse(text.trim().toLowerCase());
      if (!email.success) throw wrongUsage(`error: ${JSON.stringify(text)} is not an e-mail address`);
      const { id: sub, name, administrator } = options;
      const given = { sub, email: email.data, ...(name !== undefined && { name }), administrator };
      const input = parseOptions(UserInput, { ...readClaims(options.claims), ...given }, USER_OPTIONS);
      const { password, isGenerated } = await newPassword(options, terminal);
      await act(options, async ({ get, origin }) => {
        const { user } = await namingOptions(USER_OPTIONS, () =>
          get(UserAdministration).create({ ...input, password }, origin),
        );
        const shown = { ...userJson(user), ...(isGenerated && { password }) };
        return {
          json: shown,
          text: textList({ sub: shown.sub, email: shown.email, password: isGenerated ? password : undefined }),
        };
      });
    });
