import { sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { Client } from '../clients/client.entity.js';
import { InitialAccessToken } from '../clients/registration/initial-access-token.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { lockSetup } from '../setup/existing-data.js';
import type { ResourceServerRow, ServerUrls } from '../setup/registrations.js';
import { hashPassword } from '../users/password.js';
import { User } from '../users/user.entity.js';
import { demoClients, demoInitialAccessToken, demoResourceServers, demoUsers } from './demo-data.js';
import type { Workspace } from './workspace.js';
import { withWorkspace } from './workspace-registrations.js';

/** The entities of the demo data, for a data source that inserts them without Nest. */
export const demoEntities = [User, Client, ClientSecret, InitialAccessToken, ResourceServer];

/** Settings of the demo data. */
export interface DemoSettings {
  /** Whether the provider gets client certificates. Then the servers have no secrets. */
  readonly certificates?: boolean;
  /** Other apps and machine clients to register. */
  readonly workspace?: Workspace;
}

/**
 * Inserts the users, clients, initial access token and resource servers of the demo. Running it again updates the clients,
 * token and resource servers of an older version of the demo. Existing users are kept, and secrets of clients that have one.
 */
export async function seedDemo(
  dataSource: DataSource,
  urls: ServerUrls,
  { certificates = false, workspace = { apps: [], machineClients: [] } }: DemoSettings = {},
): Promise<void> {
  const demo = { clients: demoClients(urls, certificates), resourceServers: demoResourceServers(urls) };
  const { clients, resourceServers } = withWorkspace(demo, workspace, certificates);
  await dataSource.transaction(async (transaction) => {
    await lockSetup(transaction);
    for (const { password, ...user } of demoUsers) await addUser(transaction, user, password);
    for (const { secret, ...client } of clients) {
      await transaction.upsert(Client, client, ['clientId']);
      if (secret) await addSecret(transaction, client.clientId, secret);
      else await transaction.delete(ClientSecret, { clientId: client.clientId });
    }
    const { token, ...initialAccessToken } = demoInitialAccessToken;
    await transaction.upsert(InitialAccessToken, { ...initialAccessToken, tokenHash: sha256(token) }, ['id']);
    await replaceResourceServers(transaction, resourceServers);
  });
}

/**
 * Inserts or updates the resource servers, and deletes those with the same scopes at other URLs: the demo may run at another
 * port, or over HTTPS, than before, and a scope belongs to one server.
 */
async function replaceResourceServers(
  transaction: EntityManager,
  servers: readonly ResourceServerRow[],
): Promise<void> {
  const namesOf = ({ scopes }: ResourceServerRow) => scopes.map(({ name }) => name);
  const scopes = new Set(servers.flatMap(namesOf));
  const current = servers.map(({ identifier }) => identifier);
  for (const known of await transaction.find(ResourceServer)) {
    const isOutdated = !current.includes(known.identifier) && namesOf(known).some((name) => scopes.has(name));
    if (isOutdated) await transaction.delete(ResourceServer, { identifier: known.identifier });
  }
  await transaction.upsert(ResourceServer, [...servers], ['identifier']);
}

type NewUser = Omit<(typeof demoUsers)[number], 'password'>;

async function addUser(transaction: EntityManager, user: NewUser, password: string): Promise<void> {
  if (await transaction.existsBy(User, { email: user.email })) return;
  await transaction.insert(User, { ...user, emailVerified: true, passwordHash: await hashPassword(password) });
}

async function addSecret(transaction: EntityManager, clientId: string, secret: string): Promise<void> {
  const row = { clientId, secretHash: sha256(secret) };
  if (!(await transaction.existsBy(ClientSecret, row))) {
    await transaction.insert(ClientSecret, { id: randomUUID(), expiresAt: null, ...row });
  }
}
