import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { clientJson } from '../../clients/administration/client-json.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { textTable } from '../text-table.js';

/** Builds the command `client list`. */
export const listClients = ({ act }: CommandTools) =>
  command('list', 'List all clients, including disabled ones', ['client list', 'client list --json']).action(
    (options) =>
      act(options, async ({ get }) => {
        const clients = await get(ClientAdministration).page();
        const rows = clients.map((client) => [
          client.clientId,
          client.securityProfile,
          client.tokenEndpointAuthMethod,
          client.disabledAt ? 'disabled' : 'enabled',
          client.clientName,
        ]);
        return {
          json: clients.map(clientJson),
          text: textTable(['CLIENT', 'PROFILE', 'AUTHENTICATION', 'STATE', 'NAME'], rows),
        };
      }),
  );
