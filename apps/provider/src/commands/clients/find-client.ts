import { DataSource } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { notFound } from '../exit-code.js';
import type { Installation } from '../installation.js';

/**
 * Finds a client by its id, also when it is disabled.
 *
 * @throws CommandError `not-found`.
 */
export async function findClient({ get }: Installation, clientId: string): Promise<Client> {
  const client = await get(DataSource).manager.findOneBy(Client, { clientId });
  if (!client) throw notFound(`There is no client ${JSON.stringify(clientId)}. List all with: trefoil client list`);
  return client;
}
