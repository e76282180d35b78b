import { UserAdministration } from '../../users/administration/user-administration.js';
import { UserPasswords } from '../../users/administration/user-passwords.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { namingOptions } from '../refused-options.js';
import { textList } from '../text-table.js';
import { newPassword } from './new-password.js';
import { USER_OPTIONS } from './user-options.js';

/** Builds the command `user set-password`. */
export const setPassword = ({ act, confirm, terminal }: CommandTools) =>
  command('set-password', 'Set the password of a user and end all their sessions and grants', [
    'user set-password carol@example.com',
    'user set-password carol@example.com --generate-password --yes --json',
    'user set-password carol@example.com --password-stdin --yes < password.txt',
  ])
    .argument('<user>', 'e-mail address or id')
    .option('--password-stdin', 'read the password from standard input')
    .option('--generate-password', 'generate a password and print it once')
    .addOption(yesOption())
    .action((name, options) =>
      act(options, async ({ get, origin }) => {
        const { id, email } = await get(UserAdministration).find(name);
        await confirm(`Set a new password for ${email} and end all their sessions and grants?`, options);
        const { password, isGenerated } = await newPassword(options, terminal);
        await namingOptions(USER_OPTIONS, () => get(UserPasswords).set(id, password, origin));
        const shown = isGenerated ? { password } : {};
        return {
          json: { sub: id, email, ...shown },
          text: [`The password of ${email} is set. They are signed out everywhere.`, ...lines(shown)].join('\n'),
        };
      }),
    );

const lines = (shown: { password?: string }): string[] => (shown.password === undefined ? [] : [textList(shown)]);
