import { UserAdministration } from '../../users/administration/user-administration.js';
import { UserPatch } from '../../users/administration/user-input.js';
import { userJson } from '../../users/user-json.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { namingOptions, parseOptions } from '../refused-options.js';
import { textList } from '../text-table.js';
import { CLAIMS_OPTION, readClaims, USER_OPTIONS } from './user-options.js';

/** Builds the command `user update`. */
export const updateUser = ({ act }: CommandTools) =>
  command('update', 'Change the e-mail address and the claims of a user', [
    'user update carol@example.com --email carol@example.org',
    'user update carol@example.com --claims changes.json --json',
  ])
    .argument('<user>', 'e-mail address or id')
    .option('--email <email>', 'e-mail address to sign in with; it counts as verified')
    .option('--name <name>', 'full name')
    .option(`${CLAIMS_OPTION[0]}`, `${CLAIMS_OPTION[1]}; null removes a member (RFC 7396)`)
    .action((name, options) => {
      const { email, name: fullName } = options;
      const members = { ...readClaims(options.claims), ...given({ email, name: fullName }) };
      if (Object.keys(members).length === 0) throw wrongUsage('error: give --email, --name or --claims');
      const patch = parseOptions(UserPatch, members, USER_OPTIONS);
      return act(options, async ({ get, origin }) => {
        const users = get(UserAdministration);
        const { id } = await users.find(name);
        const user = await namingOptions(USER_OPTIONS, () => users.update(id, patch, origin));
        return { json: userJson(user), text: textList({ sub: user.id, email: user.email, name: user.claims.name }) };
      });
    });

const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
