import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../../clients/client.entity.js';
import type { ResourceServer } from '../../../resource-servers/resource-server.entity.js';
import type { IdTokenHint } from '../../../sessions/id-token-hint-reader.js';

/** The input of the checks of scopes and resources, which the device authorization endpoint uses too. */
export interface RequestedAccess {
  readonly parameters: Parameters;
  readonly client: Pick<Client, 'clientId' | 'scopes'>;
  /** All registered resource servers. */
  readonly resourceServers: readonly Pick<ResourceServer, 'identifier' | 'scopes' | 'userClients'>[];
  /** The identifier of the provider's own API. */
  readonly accountApi: string;
}

/** The members of a client's registration that the checks use. */
export type RequestingClient = Pick<
  Client,
  | 'clientId'
  | 'defaultMaxAge'
  | 'grantTypes'
  | 'redirectUris'
  | 'requirePushedAuthorizationRequests'
  | 'requireSignedRequestObject'
  | 'responseModes'
  | 'scopes'
  | 'securityProfile'
  | 'tokenEndpointAuthMethod'
>;

/** The input of the checks of an authorization request. */
export interface CheckContext extends RequestedAccess {
  readonly client: RequestingClient;
  /** Whether the client pushed the request (RFC 9126). */
  readonly isPushed?: boolean;
  /** Whether all parameters come from a signed request object (RFC 9101). */
  readonly isSigned?: boolean;
  /** The content of `id_token_hint`, if it is an ID token of this provider. */
  readonly idTokenHint?: IdTokenHint;
}
