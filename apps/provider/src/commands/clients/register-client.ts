import { GRANT_TYPE, randomSecret, type SecurityProfileName, usesClientSecret } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { checkClientMetadata } from '../../client-metadata/check-client-metadata.js';
import { readClientMetadata } from '../../client-metadata/client-metadata.js';
import { ClientRegistrations } from '../../model/clients/client-registrations.js';
import { Client } from '../../model/clients/client.entity.js';
import { ResourceServers } from '../../model/resource-servers/resource-servers.js';
import { OutboundFetcher } from '../../outbound/outbound.fetcher.js';
import { CommandError, wrongUsage } from '../exit-code.js';
import type { Installation } from '../installation.js';

/** What an administrator says of a new client beside its metadata. */
export interface ClientWishes {
  readonly clientId: string;
  readonly description: string;
  readonly profile: SecurityProfileName;
  readonly tokenExchangeResources: readonly string[];
}

/**
 * Registers a client by the rules of dynamic registration (RFC 7591), which let administrators do more.
 *
 * @returns the client, and its secret when it authenticates with one.
 * @throws OAuthError as RFC 7591 §3.2.2 has it.
 * @throws CommandError
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
    resourceServers,
    outbound: get(OutboundFetcher),
  });
  const isTaken = await get(DataSource).manager.existsBy(Client, { clientId });
  if (isTaken) throw new CommandError('conflict', `There is a client ${clientId} already.`);
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
