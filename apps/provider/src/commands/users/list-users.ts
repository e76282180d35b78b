import { UserAdministration } from '../../users/administration/user-administration.js';
import { userJson } from '../../users/user-json.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readCount } from '../option-values.js';
import { textTable } from '../text-table.js';

/** Builds the command `user list`. */
export const listUsers = ({ act }: CommandTools) =>
  command('list', 'List users in the order of their e-mail addresses, including disabled ones', [
    'user list',
    'user list --after alice@example.com --limit 500 --json',
  ])
    .option('--after <email>', 'begin after this e-mail address')
    .option('--limit <count>', 'maximum number of users', readCount, 100)
    .action((options) =>
      act(options, async ({ get }) => {
        const users = await get(UserAdministration).page(options);
        const rows = users.map((user) => [
          user.email,
          user.id,
          user.administrator ? 'administrator' : 'user',
          user.disabledAt ? 'disabled' : 'enabled',
          user.claims.name ?? '',
        ]);
        return { json: users.map(userJson), text: textTable(['E-MAIL', 'ID', 'ROLE', 'STATE', 'NAME'], rows) };
      }),
    );
