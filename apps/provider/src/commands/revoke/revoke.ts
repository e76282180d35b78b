import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { clientTarget } from './revoke-client.js';
import { grantTarget } from './revoke-grant.js';
import { sessionTarget } from './revoke-session.js';
import { tokenTarget } from './revoke-token.js';
import { userTarget } from './revoke-user.js';

/** Builds the command `revoke`. */
export const revoke = ({ act, confirm, terminal }: CommandTools) => {
  const targets = {
    user: userTarget,
    client: clientTarget,
    session: sessionTarget,
    grant: grantTarget,
    token: tokenTarget(terminal),
  };
  return command('revoke', 'Revoke tokens; resource servers refuse them within a second', [
    'revoke --user alice@example.com',
    'revoke --client marketing-sync --yes',
    'revoke --session 0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f --json',
    'revoke --token - < token.txt',
  ])
    .option('--user <user>', 'all sessions and grants of a user (e-mail address or id)')
    .option('--client <client>', 'all tokens that a client has now')
    .option('--session <id>', 'a sign-in session and every grant that was given in it')
    .option('--grant <id>', 'one grant of a user to a client')
    .option(
      '--token <token>',
      'one access token by its jti, or - to read an access or refresh token from standard input',
    )
    .addOption(yesOption())
    .action((options) => {
      const named = Object.entries(targets).flatMap(([kind, find]) => {
        const name = options[kind as keyof typeof targets];
        return name === undefined ? [] : [{ find, name }];
      });
      const [first, second] = named;
      if (!first || second)
        throw wrongUsage('error: give exactly one of --user, --client, --session, --grant, --token');
      return act(options, async (installation) => {
        const target = await first.find(installation, first.name);
        await confirm(target.question, options);
        return target.revoke();
      });
    });
};
