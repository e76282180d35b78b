import { CLAIMS_OF_SCOPE, GRANT_TYPE, invalidClientMetadata, OAuthError, parseScope } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const OPENID_SCOPES: readonly string[] = Object.keys(CLAIMS_OF_SCOPE);

/**
 * Checks the scopes of a client (RFC 7591 §2). A client may register itself for the scopes of OpenID Connect and for the user
 * scopes of resource servers that are open to every client. Only an administrator can register other scopes. The default
 * is the scopes of OpenID Connect for a client with users, and no scope for a machine.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkRegisteredScope(
  {
    metadata,
    resourceServers,
    byAdministrator = false,
  }: Pick<RegistrationContext, 'metadata' | 'resourceServers' | 'byAdministrator'>,
  { grantTypes }: Pick<Client, 'grantTypes'>,
): Pick<Client, 'scopes'> {
  const hasUsers = grantTypes.some((name) => name !== GRANT_TYPE.clientCredentials);
  if (metadata.scope === undefined) return { scopes: hasUsers ? [...OPENID_SCOPES] : [] };
  if (byAdministrator) return { scopes: checkKnown(parse(metadata.scope), resourceServers, grantTypes) };
  const open = [
    ...OPENID_SCOPES,
    ...resourceServers
      .filter(({ userClients }) => userClients === null)
      .flatMap(({ scopes }) => scopes.filter(({ grantedTo }) => grantedTo.includes('users')).map(({ name }) => name)),
  ];
  const scopes = parse(metadata.scope);
  const closed = scopes.find((scope) => !hasUsers || !open.includes(scope));
  if (closed !== undefined) {
    throw invalidClientMetadata(`scope has a value that only an administrator can register: ${closed}`);
  }
  return { scopes };
}

/** Checks that every scope exists and can be granted to such a client. Any other scope is probably a typing error. */
function checkKnown(
  scopes: string[],
  resourceServers: RegistrationContext['resourceServers'],
  grantTypes: readonly string[],
): string[] {
  const isMachine = grantTypes.includes(GRANT_TYPE.clientCredentials);
  const hasUsers = grantTypes.some((name) => name !== GRANT_TYPE.clientCredentials);
  const known = resourceServers
    .flatMap((server) => server.scopes)
    .filter(({ grantedTo }) => grantedTo.some((kind) => (kind === 'machines' ? isMachine : hasUsers)))
    .map(({ name }) => name);
  const usable = [...known, ...(hasUsers ? OPENID_SCOPES : [])];
  const unknown = scopes.find((scope) => !usable.includes(scope));
  if (unknown === undefined) return scopes;
  throw invalidClientMetadata(
    `scope has a value that such a client can never be granted: ${unknown} (choose from ${usable.join(', ')})`,
  );
}

function parse(scope: string): string[] {
  try {
    return parseScope(scope);
  } catch (error) {
    if (error instanceof OAuthError) throw invalidClientMetadata(error.description, { cause: error });
    throw error;
  }
}
