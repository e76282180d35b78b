import { GRANT_TYPE, randomSecret, type SecurityProfileName, usesClientSecret } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { checkClientMetadata } from '../../clients/metadata/check-client-metadata.js';
import { readClientMetadata } from '../../clients/metadata/client-metadata.js';
import { ClientRegistrations } from '../../clients/client-registrations.js';
import { Client } from '../../clients/client.entity.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { CommandError, wrongUsage } from '../exit-code.js';
import type { Installation } from '../installation.js';

/** Settings of a new client that only an administrator can choose. */
export interface ClientWishes {
  readonly clientId: string;
  readonly description: string;
  readonly profile: SecurityProfileName;
  readonly tokenExchangeResources: readonly string[];
}

/**
 * Registers a client by the rules of dynamic registration (RFC 7591), with the additional rights of an administrator.
 *
 * @returns the client, and its secret if it authenticates with one.
 * @throws OAuthError with an error code of RFC 7591 §3.2.2.
 * @throws CommandError `conflict` when the id is taken, `usage` when a resource server is unknown.
 */
export async function registerClient(
  installation: Installation,
  body: object,
  { clientId, description, profile, tokenExchangeResources }: ClientWishes,
): Promise<{ client: Client; secret: string | undefined }> {
  const { get, origin } = installation;
  const resourceServers = await get(ResourceServers).all();
  const unknown = tokenExchangeResources.find((name) => !resourceServers.some(({ identifier }) => identifier === name));
  if (unknown !== undefined) {
    const known = resourceServers.map(({ identifier }) => identifier).join(', ');
    throw wrongUsage(`error: --token-exchange-resource: there is no resource server ${unknown} (of ${known})`);
  }
  const checked = await checkClientMetadata({
    metadata: readClientMetadata(body),
    profile,
    byAdministrator: true,
    offeredGrantTypes: Object.values(GRANT_TYPE),
    // The command may run without the settings of the listeners.
    certificateMethods: ['tls_client_auth', 'self_signed_tls_client_auth'],
    resourceServers,
    outbound: get(OutboundFetcher),
  });
  const isTaken = await get(DataSource).manager.existsBy(Client, { clientId });
  if (isTaken) throw new CommandError('conflict', `A client ${clientId} already exists.`);
  const secret = usesClientSecret(checked.tokenEndpointAuthMethod) ? randomSecret() : undefined;
  const content = {
    ...checked,
    clientId,
    clientName: checked.clientName ?? clientId,
    description,
    tokenExchangeResources: [...tokenExchangeResources],
    registrationTokenHash: null,
    initialAccessTokenId: null,
  };
  const client = await get(ClientRegistrations).create(content, secret ? { replaceBy: secret } : 'remove', origin);
  return { client, secret };
}
