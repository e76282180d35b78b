import { UserAdministration } from '../../users/administration/user-administration.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `user set-admin`. */
export const setAdministrator = ({ act, confirm }: CommandTools) =>
  command('set-admin', 'Make a user an administrator', ['user set-admin carol@example.com --yes'])
    .argument('<user>', 'e-mail address or id')
    .addOption(yesOption())
    .action((name, options) =>
      act(options, async ({ get, origin }) => {
        const users = get(UserAdministration);
        const { id, email, administrator } = await users.find(name);
        await confirm(`Let ${email} administer this installation?`, options);
        await users.update(id, { administrator: true }, origin);
        return {
          json: { sub: id, email, administrator: true, changed: !administrator },
          text: `${email} ${administrator ? 'was already' : 'is now'} an administrator.`,
        };
      }),
    );

/** Builds the command `user unset-admin`. */
export const unsetAdministrator = ({ act, confirm }: CommandTools) =>
  command('unset-admin', 'Make an administrator a user like any other', ['user unset-admin carol@example.com --yes'])
    .argument('<user>', 'e-mail address or id')
    .addOption(yesOption())
    .action((name, options) =>
      act(options, async ({ get, origin }) => {
        const users = get(UserAdministration);
        const { id, email, administrator } = await users.find(name);
        await confirm(`Take the administration of this installation from ${email}?`, options);
        await users.update(id, { administrator: false }, origin);
        return {
          json: { sub: id, email, administrator: false, changed: administrator },
          text: `${email} ${administrator ? 'is no longer' : 'was not'} an administrator.`,
        };
      }),
    );
