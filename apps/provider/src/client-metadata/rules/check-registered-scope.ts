import { CLAIMS_OF_SCOPE, GRANT_TYPE, invalidClientMetadata, OAuthError, parseScope } from '@trefoil/oauth-protocol';
import type { Client } from '../../model/clients/client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const OPENID_SCOPES: readonly string[] = Object.keys(CLAIMS_OF_SCOPE);

/**
 * The scopes a client may be given: those of OpenID Connect, and those that people grant at servers that are open to
 * every client. A client for people that names none gets those of OpenID Connect, so that it can sign people in and
 * nothing more; what machines may do, an administrator decides (RFC 7591 §2).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkRegisteredScope(
  { metadata, resourceServers }: Pick<RegistrationContext, 'metadata' | 'resourceServers'>,
  { grantTypes }: Pick<Client, 'grantTypes'>,
): Pick<Client, 'scopes'> {
  const isForPeople = grantTypes.some((name) => name !== GRANT_TYPE.clientCredentials);
  if (metadata.scope === undefined) return { scopes: isForPeople ? [...OPENID_SCOPES] : [] };
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

function parse(scope: string): string[] {
  try {
    return parseScope(scope);
  } catch (error) {
    if (error instanceof OAuthError) throw invalidClientMetadata(error.description, { cause: error });
    throw error;
  }
}
