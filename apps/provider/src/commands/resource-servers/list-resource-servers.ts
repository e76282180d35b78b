import { resourceServerJson } from '../../resource-servers/resource-server-json.js';
import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readCount } from '../option-values.js';
import { textTable } from '../text-table.js';
import { userClientsText } from './resource-server-answer.js';

/** Builds the command `resource-server list`. */
export const listResourceServers = ({ act }: CommandTools) =>
  command('list', 'List the resource servers in the order of their identifiers', [
    'resource-server list',
    'resource-server list --json',
  ])
    .option('--after <identifier>', 'begin after this identifier')
    .option('--limit <count>', 'maximum number of resource servers', readCount, 100)
    .action((options) =>
      act(options, async ({ get }) => {
        const servers = (await get(ResourceServerRegistrations).page(options)).map(resourceServerJson);
        const rows = servers.map((server) => [
          server.identifier,
          server.name,
          userClientsText(server.user_clients),
          server.client_id ?? '-',
          `${server.access_token_lifetime}`,
          server.scopes.map(({ name }) => name).join(' '),
        ]);
        const headings = ['IDENTIFIER', 'NAME', 'USER CLIENTS', 'CLIENT', 'LIFETIME', 'SCOPES'];
        return { json: servers, text: textTable(headings, rows) };
      }),
    );
