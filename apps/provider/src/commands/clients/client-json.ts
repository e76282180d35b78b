import { formatScope } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';

/** Returns the JSON of a client: the members of RFC 7591 and those that the provider adds. */
export const clientJson = (client: Client) => ({
  client_id: client.clientId,
  client_name: client.clientName,
  description: client.description,
  client_uri: client.clientUri,
  security_profile: client.securityProfile,
  token_endpoint_auth_method: client.tokenEndpointAuthMethod,
  application_type: client.applicationType,
  grant_types: client.grantTypes,
  redirect_uris: client.redirectUris,
  post_logout_redirect_uris: client.postLogoutRedirectUris,
  scope: formatScope(client.scopes),
  token_exchange_resources: client.tokenExchangeResources,
  disabled_at: client.disabledAt?.toISOString() ?? null,
  created_at: client.createdAt.toISOString(),
});
