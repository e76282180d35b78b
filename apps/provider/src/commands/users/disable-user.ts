import { UserAdministration } from '../../users/administration/user-administration.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `user disable`. */
export const disableUser = ({ act, confirm }: CommandTools) =>
  command('disable', 'Disable a user and end all their sessions and grants', [
    'user disable bob@example.com',
    'user disable b0b00000-0000-4000-8000-000000000002 --yes --json',
  ])
    .argument('<user>', 'e-mail address or id')
    .addOption(yesOption())
    .action((name, options) =>
      act(options, async (installation) => {
        const { id, email } = await installation.get(UserAdministration).find(name);
        await confirm(`Disable ${email} and end all their sessions and grants?`, options);
        const changed = await installation.get(Disablements).disableUser(id, installation.origin);
        return {
          json: { sub: id, email, disabled: true, changed },
          text: changed ? `${email} is disabled and signed out everywhere.` : `${email} was already disabled.`,
        };
      }),
    );
