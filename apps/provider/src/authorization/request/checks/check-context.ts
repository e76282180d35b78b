import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../../clients/client.entity.js';
import type { IdTokenHint } from '../../../sessions/id-token-hint-reader.js';
import type { ResourceServer } from '../../../resource-servers/resource-server.entity.js';

/** The registration of the client, as far as an authorization request is checked against it. */
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

/** What the checks of an authorization request look at. */
export interface CheckContext {
  readonly parameters: Parameters;
  readonly client: RequestingClient;
  /** The client has sent the request itself, not through the browser (RFC 9126). */
  readonly isPushed?: boolean;
  /** The request is what the client has signed, and nothing else (RFC 9101). */
  readonly isSigned?: boolean;
  /** Every registered resource server. */
  readonly resourceServers: readonly Pick<ResourceServer, 'identifier' | 'scopes' | 'userClients'>[];
  /** The identifier of the provider's own API. */
  readonly accountApi: string;
  /** What `id_token_hint` says, if it is an ID token of ours. */
  readonly idTokenHint?: IdTokenHint;
}
