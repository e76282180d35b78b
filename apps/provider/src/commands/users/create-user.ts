import { z } from 'zod';
import { UserRegistrations } from '../../users/user-registrations.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { CommandError, wrongUsage } from '../exit-code.js';
import { textList } from '../text-table.js';
import { newPassword } from './new-password.js';
import { userJson } from './user-json.js';

const Email = z.email().max(200);

/** Builds the command `user create`. */
export const createUser = ({ act, terminal }: CommandTools) =>
  command('create', 'Register a user; the password is asked for, read from standard input or generated', [
    'user create carol@example.com --name "Carol Carpenter"',
    'user create carol@example.com --generate-password --json',
    'pass show carol | trefoil user create carol@example.com --password-stdin',
  ])
    .argument('<email>', 'e-mail address to sign in with')
    .option('--name <name>', 'full name')
    .option('--administrator', 'make the user an administrator')
    .option('--password-stdin', 'read the password from standard input')
    .option('--generate-password', 'generate a password and print it once')
    .action(async (text, options) => {
      const email = Email.safeParse(text.trim().toLowerCase());
      if (!email.success) throw wrongUsage(`error: ${JSON.stringify(text)} is not an e-mail address`);
      const { password, isGenerated } = await newPassword(options, terminal);
      await act(options, async ({ get, origin }) => {
        const claims = options.name === undefined ? {} : { name: options.name };
        const content = { email: email.data, claims, administrator: options.administrator ?? false, password };
        const user = await get(UserRegistrations).create(content, origin);
        if (!user) throw new CommandError('conflict', `A user ${email.data} already exists.`);
        const shown = { ...userJson(user), ...(isGenerated && { password }) };
        return {
          json: shown,
          text: textList({ sub: shown.sub, email: shown.email, password: isGenerated ? password : undefined }),
        };
      });
    });
