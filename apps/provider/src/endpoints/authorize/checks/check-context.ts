import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../../model/clients/client.entity.js';
import type { ResourceServer } from '../../../model/resource-servers/resource-server.entity.js';

/** The registration of the client, as far as an authorization request is checked against it. */
export type RequestingClient = Pick<
  Client,
  'clientId' | 'grantTypes' | 'redirectUris' | 'scopes' | 'securityProfile' | 'tokenEndpointAuthMethod'
>;

/** What the checks of an authorization request look at. */
export interface CheckContext {
  readonly parameters: Parameters;
  readonly client: RequestingClient;
  /** Every registered resource server. */
  readonly resourceServers: readonly Pick<ResourceServer, 'identifier' | 'scopes' | 'userClients'>[];
  /** The identifier of the provider's own API. */
  readonly accountApi: string;
}
