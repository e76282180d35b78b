import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { clientTarget } from './revoke-client.js';
import { grantTarget } from './revoke-grant.js';
import { sessionTarget } from './revoke-session.js';
import { tokenTarget } from './revoke-token.js';
import { userTarget } from './revoke-user.js';

/** `revoke` */
export const revoke = ({ act, confirm, terminal }: CommandTools) => {
  const targets = {
    user: userTarget,
    client: clientTarget,
    session: sessionTarget,
    grant: grantTarget,
    token: tokenTarget(terminal),
  };
  return command('revoke', 'End tokens before their time: everywhere, within a second', [
    'revoke --user alice@example.com',
    'revoke --client marketing-sync --yes',
    'revoke --session 0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f --json',
    'revoke --token - < token.txt',
  ])
    .option('--user <user>', 'everything of a user: by e-mail address or id')
    .option('--client <client>', 'every token a client was given until now')
    .option('--session <sid>', 'a sign-in session, and what rests on it')
    .option('--grant <id>', 'what a user allowed a client once')
    .option('--token <token>', 'one access token by its jti; - reads an access or refresh token from standard input')
    .addOption(yesOption())
    .action((options) => {
      const named = Object.entries(targets).flatMap(([kind, find]) => {
        const name = options[kind as keyof typeof targets];
        return name === undefined ? [] : [{ find, name }];
      });
      const [first, second] = named;
      if (!first || second) throw wrongUsage('error: say one of --user, --client, --session, --grant, --token');
      return act(options, async (installation) => {
        const target = await first.find(installation, first.name);
        await confirm(target.question, options);
        return target.revoke();
      });
    });
};
