import {
  GRANT_TYPE,
  invalidClientMetadata,
  invalidRedirectUri,
  isPrivateUseRedirectUri,
  isRegistrableRedirectUri,
} from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Redirect URIs are https, or http on loopback; native apps may have private-use schemes with a domain name in them too
 * (OAuth 2.1 §2.3.1, RFC 8252 §7). They are compared as strings later, so none has a wildcard or a fragment. The same
 * holds for where a client sends people after signing out.
 *
 * @throws OAuthError `invalid_redirect_uri`, `invalid_client_metadata`
 */
export function checkRedirectUris(
  { metadata }: Pick<RegistrationContext, 'metadata'>,
  { grantTypes }: Pick<Client, 'grantTypes'>,
): Pick<Client, 'applicationType' | 'redirectUris' | 'postLogoutRedirectUris'> {
  const { application_type: applicationType, redirect_uris = [], post_logout_redirect_uris } = metadata;
  const isAllowed = (uri: string) =>
    isRegistrableRedirectUri(uri) || (applicationType === 'native' && isPrivateUseRedirectUri(uri));
  if (redirect_uris.length === 0 && grantTypes.includes(GRANT_TYPE.authorizationCode)) {
    throw invalidRedirectUri('redirect_uris is missing');
  }
  const rule = RULE[applicationType];
  if (!redirect_uris.every(isAllowed)) throw invalidRedirectUri(`redirect_uris: each ${rule}`);
  if (!post_logout_redirect_uris.every(isAllowed)) {
    throw invalidClientMetadata(`post_logout_redirect_uris: each ${rule}`);
  }
  return {
    applicationType,
    redirectUris: [...new Set(redirect_uris)],
    postLogoutRedirectUris: [...new Set(post_logout_redirect_uris)],
  };
}

const FORM = 'without fragment, wildcard or credentials';

const RULE = {
  web: `must be https, or http on loopback, ${FORM}`,
  native: `must be https, http on loopback, or of a private-use scheme such as com.example.app:/, ${FORM}`,
} as const;
