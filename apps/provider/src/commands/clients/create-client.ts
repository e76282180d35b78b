import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { ClientInput } from '../../clients/administration/client-input.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { parseOptions } from '../refused-options.js';
import type { Terminal } from '../terminal.js';
import { clientAnswer } from './client-answer.js';
import { CLIENT_OPTIONS, clientCommand, clientMembers, namingClientOptions } from './client-options.js';

const CODE_AND_REFRESH = [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];

/** Builds the command `client create`. */
export const createClient = ({ act, terminal }: CommandTools) =>
  clientCommand('create', 'Register a client, and print its secret once', [
    'client create --name "My shop" --redirect-uri https://shop.example/callback --scope "openid profile"',
    'client create --id nightly --name Nightly --grant-type client_credentials --scope contacts:export',
    'client create --name "My app" --native --auth-method none --redirect-uri com.example.app:/callback',
    'client create --id nightly --name Nightly --grant-type client_credentials --secret-stdin < secret.txt',
  ])
    .option('--id <client>', 'client_id (default: a new UUID)')
    .option('--secret-stdin', 'read the client secret from standard input, such as the one it has in another system')
    .action(async (options) => {
      const members = clientMembers(options);
      const given = {
        grant_types: CODE_AND_REFRESH,
        ...members,
        client_name: members.client_name ?? (await askName(terminal)),
        client_id: options.id,
        client_secret: options.secretStdin ? await readSecret(terminal) : undefined,
      };
      const input = parseOptions(ClientInput, given, CLIENT_OPTIONS);
      await act(options, async ({ get, origin }) => {
        const created = await namingClientOptions(() => get(ClientAdministration).create(input, origin));
        return clientAnswer(created, { isChosen: options.secretStdin });
      });
    });

async function askName(terminal: Terminal): Promise<string> {
  if (!terminal.isInteractive) throw wrongUsage("error: required option '--name <name>' not specified");
  return (await terminal.ask('Name that people see: ')).trim();
}

const readSecret = async (terminal: Terminal): Promise<string> => (await terminal.readInput()).replace(/\r?\n$/, '');
