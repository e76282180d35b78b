import { clientJson } from '../clients/administration/client-json.js';
import type { Client } from '../clients/client.entity.js';
import { resourceServerJson } from '../resource-servers/resource-server-json.js';
import type { ResourceServer } from '../resource-servers/resource-server.entity.js';

const NOW = new Date();

/** Returns the members of a client that an administrator can set, from the columns that its registration sets. */
export function membersOfClient(
  columns: Omit<Client, 'secrets' | 'tokenGeneration' | 'disabledAt' | 'createdAt' | 'updatedAt'>,
) {
  const row = { ...columns, secrets: [], tokenGeneration: 0, disabledAt: null, createdAt: NOW, updatedAt: NOW };
  const { created_at: _, disabled_at: __, ...members } = clientJson(row);
  return members;
}

/** Returns the members of a resource server that an administrator can set, from its columns. */
export function membersOfResourceServer(columns: Omit<ResourceServer, 'createdAt'>) {
  const { id: _, created_at: __, ...members } = resourceServerJson({ ...columns, createdAt: NOW });
  return members;
}
