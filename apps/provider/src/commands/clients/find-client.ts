import { ClientAdministration } from '../../clients/administration/client-administration.js';
import type { Client } from '../../clients/client.entity.js';
import type { Installation } from '../installation.js';

/**
 * Finds a client by its id, also when it is disabled.
 *
 * @throws Refusal `not-found`.
 */
export const findClient = ({ get }: Installation, clientId: string): Promise<Client> =>
  get(ClientAdministration).find(clientId);
