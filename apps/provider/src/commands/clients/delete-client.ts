import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `client delete`. */
export const deleteClient = ({ act, confirm }: CommandTools) =>
  command('delete', 'Delete a client with its secrets, consents, grants and tokens', [
    'client delete nightly',
    'client delete nightly --yes --json',
  ])
    .argument('<client>', 'client_id')
    .addOption(yesOption())
    .action((clientId, options) =>
      act(options, async ({ get, origin }) => {
        const clients = get(ClientAdministration);
        const { clientName } = await clients.find(clientId);
        await confirm(`Delete ${clientId} (${clientName}) for ever, and revoke all its grants and tokens?`, options);
        await clients.remove(clientId, origin);
        return { json: { client_id: clientId, deleted: true }, text: `${clientId} is deleted.` };
      }),
    );
