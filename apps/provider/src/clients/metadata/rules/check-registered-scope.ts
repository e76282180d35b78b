import { CLAIMS_OF_SCOPE, GRANT_TYPE, invalidClientMetadata, OAuthError, parseScope } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const OPENID_SCOPES: readonly string[] = Object.keys(CLAIMS_OF_SCOPE);

/**
 * The scopes a client may be given: those of OpenID Connect, and those that people grant at servers that are open to
 * every client. A client for people that names none gets those of OpenID Connect, so that it can sign people in and
 * nothing more; what machines may do, and who may go to servers that are not open, an administrator decides
 * (RFC 7591 §2).
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
  const isForPeople = grantTypes.some((name) => name !== GRANT_TYPE.clientCredentials);
  if (metadata.scope === undefined) return { scopes: isForPeople ? [...OPENID_SCOPES] : [] };
  if (byAdministrator) return { scopes: checkKnown(parse(metadata.scope), resourceServers, grantTypes) };
  const open = [
    ...OPENID_SCOPES,
    ...resourceServers
      .filter(({ userClients }) => userClients === null)
      .flatMap(({ scopes }) => scopes.filter(({ grantedTo }) => grantedTo === 'users').map(({ name }) => name)),
  ];
  const scopes = parse(metadata.scope);
  const closed = scopes.find((scope) => !isForPeople || !open.includes(scope));
  if (closed !== undefined) {
    throw invalidClientMetadata(`scope has one that clients cannot register themselves for: ${closed}`);
  }
  return { scopes };
}

/** For whom a scope is must fit what the client is: a scope that could never be given is a slip of the pen. */
function checkKnown(
  scopes: string[],
  resourceServers: RegistrationContext['resourceServers'],
  grantTypes: readonly string[],
): string[] {
  const isMachine = grantTypes.includes(GRANT_TYPE.clientCredentials);
  const isForPeople = grantTypes.some((name) => name !== GRANT_TYPE.clientCredentials);
  const known = resourceServers
    .flatMap((server) => server.scopes)
    .filter(({ grantedTo }) => (grantedTo === 'machines' ? isMachine : isForPeople))
    .map(({ name }) => name);
  const usable = [...known, ...(isForPeople ? OPENID_SCOPES : [])];
  const unknown = scopes.find((scope) => !usable.includes(scope));
  if (unknown === undefined) return scopes;
  throw invalidClientMetadata(
    `scope has one that such a client can never be given: ${unknown} (of ${usable.join(', ')})`,
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
