import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { ClientPatch } from '../../clients/administration/client-input.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { parseOptions } from '../refused-options.js';
import { clientAnswer } from './client-answer.js';
import { CLIENT_OPTIONS, clientCommand, clientMembers, namingClientOptions } from './client-options.js';

/** Builds the command `client update`. */
export const updateClient = ({ act }: CommandTools) =>
  clientCommand('update', 'Change a client: an option replaces a member, a member that is null in the file is reset', [
    'client update shop --name "Our shop" --redirect-uri https://shop.example/callback https://shop.example/return',
    'client update nightly --scope "contacts:export"',
    'client update shop --metadata changes.json --json',
  ])
    .argument('<client>', 'client_id')
    .action((clientId, options) => {
      const members = clientMembers(options);
      if (Object.keys(members).length === 0) throw wrongUsage('error: give at least one option that changes something');
      const patch = parseOptions(ClientPatch, members, CLIENT_OPTIONS);
      return act(options, async ({ get, origin }) =>
        clientAnswer(await namingClientOptions(() => get(ClientAdministration).update(clientId, patch, origin))),
      );
    });
