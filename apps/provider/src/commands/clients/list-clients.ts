import { DataSource } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { textTable } from '../text-table.js';
import { clientJson } from './client-json.js';

/** Builds the command `client list`. */
export const listClients = ({ act }: CommandTools) =>
  command('list', 'List all clients, including disabled ones', ['client list', 'client list --json']).action(
    (options) =>
      act(options, async ({ get }) => {
        const clients = await get(DataSource).manager.find(Client, { order: { clientId: 'ASC' } });
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
