import { Disablements } from '../../issued-tokens/disablements.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { findUser } from './find-user.js';

/** `user enable` */
export const enableUser = ({ act }: CommandTools) =>
  command('enable', 'Let a disabled user in again; they have to sign in', ['user enable bob@example.com'])
    .argument('<user>', 'e-mail address or id')
    .action((name, options) =>
      act(options, async (installation) => {
        const { id, email } = await findUser(installation, name);
        const changed = await installation.get(Disablements).enableUser(id, installation.origin);
        return {
          json: { sub: id, email, disabled: false, changed },
          text: changed ? `${email} is enabled.` : `${email} was enabled already.`,
        };
      }),
    );
