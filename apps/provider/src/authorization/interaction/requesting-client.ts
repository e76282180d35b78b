import { ProblemError } from '@trefoil/server-kit';
import type { Client } from '../../clients/client.entity.js';
import type { Clients } from '../../clients/clients.js';

/**
 * Returns the client of an authorization request.
 *
 * @throws ProblemError 400 when the client was removed while the user signed in, so that no response can be sent to it.
 */
export async function findRequestingClient(clients: Clients, clientId: string): Promise<Client> {
  const client = await clients.find(clientId);
  if (client) return client;
  throw new ProblemError(400, 'This sign-in cannot go on', {
    detail: 'The application that sent you here is no longer registered.',
  });
}
