import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../../clients/client.entity.js';
import type { ResourceServer } from '../../../resource-servers/resource-server.entity.js';

/** What a request for access is checked against, whichever endpoint it comes to. */
export interface RequestedAccess {
  readonly parameters: Parameters;
  readonly client: Pick<Client, 'clientId' | 'scopes'>;
  /** Every registered resource server. */
  readonly resourceServers: readonly Pick<ResourceServer, 'identifier' | 'scopes' | 'userClients'>[];
  /** The identifier of the provider's own API. */
  readonly accountApi: string;
}
