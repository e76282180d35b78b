import { checkResourceIndicator, invalidTarget, isOpenIdScope, registeredResource } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { RequestedAccess } from './check-context.js';

type Context = Pick<RequestedAccess, 'parameters' | 'client' | 'resourceServers' | 'accountApi'>;

/**
 * Returns the resource servers of a request, each registered and open to the client (RFC 8707 §2). A request without
 * `resource` gets the resource servers of its scopes, in the order of the scopes.
 *
 * A scope of a resource server that `resource` leaves out is refused, because no token could have it. The provider's
 * own API may be left out: a resource server that receives the token can exchange it for a token of that API.
 *
 * @throws OAuthError `invalid_target`
 */
export function checkResource(
  context: Context,
  { scopes }: Pick<AuthorizationRequest, 'scopes'>,
): Pick<AuthorizationRequest, 'resources'> {
  const identifiers = context.resourceServers.map(({ identifier }) => identifier);
  const sent = context.parameters.all('resource');
  const named = [...new Set(sent.map((resource) => registeredResource(resource, identifiers)))];
  const owners = [...new Set(scopes.flatMap((scope) => ownerOf(scope, context)))];
  for (const resource of [...named, ...owners]) checkServer(resource, context);
  // The userinfo endpoint belongs to the account API, so every sign-in includes this API.
  const open = scopes.includes('openid') || owners.length === 0 ? [...owners, context.accountApi] : owners;
  if (named.length === 0) return { resources: [...new Set(open)] };
  const unnamed = owners.find((owner) => owner !== context.accountApi && !named.includes(owner));
  if (unnamed !== undefined) throw invalidTarget(`resource leaves out the server of a requested scope: ${unnamed}`);
  return { resources: named };
}

function ownerOf(scope: string, { resourceServers }: Context): string[] {
  if (isOpenIdScope(scope)) return [];
  const owner = resourceServers.find(({ scopes }) => scopes.some(({ name }) => name === scope));
  return owner ? [owner.identifier] : [];
}

function checkServer(resource: string, { client, resourceServers }: Context): void {
  checkResourceIndicator(resource);
  const server = resourceServers.find(({ identifier }) => identifier === resource);
  if (!server) throw invalidTarget('resource is not a registered resource server');
  if (server.userClients && !server.userClients.includes(client.clientId)) {
    throw invalidTarget(`the resource server is not open to this client: ${server.identifier}`);
  }
}
