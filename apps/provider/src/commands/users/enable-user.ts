import { Disablements } from '../../issued-tokens/disablements.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { findUser } from './find-user.js';

/** Builds the command `user enable`. */
export const enableUser = ({ act }: CommandTools) =>
  command('enable', 'Enable a disabled user, who then has to sign in again', ['user enable bob@example.com'])
    .argument('<user>', 'e-mail address or id')
    .action((name, options) =>
      act(options, async (installation) => {
        const { id, email } = await findUser(installation, name);
        const changed = await installation.get(Disablements).enableUser(id, installation.origin);
        return {
          json: { sub: id, email, disabled: false, changed },
          text: changed ? `${email} is enabled.` : `${email} was already enabled.`,
        };
      }),
    );
