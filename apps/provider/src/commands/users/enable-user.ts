import { UserAdministration } from '../../users/administration/user-administration.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `user enable`. */
export const enableUser = ({ act }: CommandTools) =>
  command('enable', 'Enable a disabled user, who then has to sign in again', ['user enable bob@example.com'])
    .argument('<user>', 'e-mail address or id')
    .action((name, options) =>
      act(options, async (installation) => {
        const { id, email } = await installation.get(UserAdministration).find(name);
        const changed = await installation.get(Disablements).enableUser(id, installation.origin);
        return {
          json: { sub: id, email, disabled: false, changed },
          text: changed ? `${email} is enabled.` : `${email} was already enabled.`,
        };
      }),
    );
