import { JTI, RevocationTargets } from '../../issued-tokens/revocation-targets/revocation-targets.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { namingOptions } from '../refused-options.js';
import type { Terminal } from '../terminal.js';
import { revocationWords } from './revocation-words.js';

const KINDS = ['user', 'client', 'session', 'grant', 'token'] as const;

/** The option that sets each member of a revocation. */
const OPTION_OF = Object.fromEntries(KINDS.map((kind) => [kind, `--${kind}`]));

/** Builds the command `revoke`. */
export const revoke = ({ act, confirm, terminal }: CommandTools) =>
  command('revoke', 'Revoke tokens; resource servers refuse them within a second', [
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
    .action(async (options) => {
      const [kind, second] = KINDS.filter((each) => options[each] !== undefined);
      const name = kind && options[kind];
      if (kind === undefined || name === undefined || second) {
        throw wrongUsage('error: give exactly one of --user, --client, --session, --grant, --token');
      }
      const request = { [kind]: kind === 'token' ? await readToken(name, terminal) : name };
      await act(options, async ({ get, origin }) => {
        const target = await namingOptions(OPTION_OF, () => get(RevocationTargets).find(request));
        const { question, report } = revocationWords(target);
        await confirm(question, options);
        await target.revoke(origin);
        return { json: target.json, text: report };
      });
    });

/** Returns a token that `-` names on standard input, or the `jti` of one. A token itself is refused. */
async function readToken(text: string, terminal: Pick<Terminal, 'readInput'>): Promise<string> {
  if (text === '-') return terminal.readInput();
  if (JTI.test(text) && !text.startsWith('tfr_')) return text;
  throw wrongUsage(
    'error: --token takes a jti, or - to read a token from standard input: other users can see a command line',
  );
}
