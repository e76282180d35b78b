import { UserAdministration } from '../../users/administration/user-administration.js';
import { UserRemoval } from '../../users/administration/user-removal.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `user delete`. */
export const deleteUser = ({ act, confirm }: CommandTools) =>
  command('delete', 'Delete a user with all their data, sessions and grants', [
    'user delete bob@example.com',
    'user delete b0b00000-0000-4000-8000-000000000002 --yes --json',
  ])
    .argument('<user>', 'e-mail address or id')
    .addOption(yesOption())
    .action((name, options) =>
      act(options, async ({ get, origin }) => {
        const { id, email } = await get(UserAdministration).find(name);
        await confirm(`Delete ${email} for ever, and end all their sessions and grants?`, options);
        await get(UserRemoval).remove(id, origin);
        return { json: { sub: id, email, deleted: true }, text: `${email} is deleted.` };
      }),
    );
