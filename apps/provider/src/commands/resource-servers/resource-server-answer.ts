import { resourceServerJson } from '../../resource-servers/resource-server-json.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import type { Answer } from '../command-tools.js';
import { textList } from '../text-table.js';

/** Returns the answer that shows one resource server. */
export function resourceServerAnswer(server: ResourceServer): Answer {
  const json = resourceServerJson(server);
  const scopes = json.scopes.map(({ name, description, granted_to }) => [
    name,
    `${description} (${granted_to.join(', ')})`,
  ]);
  const shown = {
    identifier: json.identifier,
    name: json.name,
    'user clients': userClientsText(json.user_clients),
    client: json.client_id ?? undefined,
    'token lifetime': `${json.access_token_lifetime} seconds`,
    ...Object.fromEntries(scopes.map(([name, text]) => [`scope ${name}`, text])),
  };
  return { json, text: textList(shown) };
}

/** Describes the clients whose users may come in. */
export const userClientsText = (userClients: readonly string[] | null): string =>
  userClients === null ? 'every client' : userClients.join(' ') || 'none';
