import { checkResourceIndicator, invalidTarget, isOpenIdScope } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { RequestedAccess } from './requested-access.js';

type Context = Pick<RequestedAccess, 'parameters' | 'client' | 'resourceServers' | 'accountApi'>;

/**
 * The resource servers that are asked for, each known and open to the client (RFC 8707 §2). Unnamed, they are the ones
 * the scopes belong to, in the order of the scopes.
 *
 * A scope whose server is not among the named ones would be worth nothing, so it is refused. Scopes of the provider's
 * own API need not be named: the servers that are called with the token exchange it for one of that API.
 *
 * @throws OAuthError `invalid_target`
 */
export function checkResource(
  context: Context,
  { scopes }: Pick<AuthorizationRequest, 'scopes'>,
): Pick<AuthorizationRequest, 'resources'> {
  const named = [...new Set(context.parameters.all('resource'))];
  const owners = [...new Set(scopes.flatMap((scope) => ownerOf(scope, context)))];
  for (const resource of [...named, ...owners]) checkServer(resource, context);
  // Userinfo belongs to the account API: who signs somebody in may ask there who it is.
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
  if (!server) throw invalidTarget('resource is not a server that is registered here');
  if (server.userClients && !server.userClients.includes(client.clientId)) {
    throw invalidTarget(`the resource server is not open to this client: ${server.identifier}`);
  }
}
