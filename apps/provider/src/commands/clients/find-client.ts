import { DataSource } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { notFound } from '../exit-code.js';
import type { Installation } from '../installation.js';

/**
 * The client of an id, disabled or not.
 *
 * @throws CommandError when there is none.
 */
export async function findClient({ get }: Installation, clientId: string): Promise<Client> {
  const client = await get(DataSource).manager.findOneBy(Client, { clientId });
  if (!client) throw notFound(`There is no client ${JSON.stringify(clientId)}: trefoil client list shows all.`);
  return client;
}
