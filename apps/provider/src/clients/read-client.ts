import type { EntityManager } from 'typeorm';
import { Client } from './client.entity.js';

/** Reads a client with the secrets that have not ended, by the database's clock; null when it is disabled, or none. */
export const readClient = (manager: EntityManager, clientId: string): Promise<Client | null> =>
  manager
    .createQueryBuilder(Client, 'client')
    .leftJoinAndSelect('client.secrets', 'secret', 'secret.expiresAt IS NULL OR secret.expiresAt > now()')
    .where('client.clientId = :clientId AND client.disabledAt IS NULL', { clientId })
    .getOne();
