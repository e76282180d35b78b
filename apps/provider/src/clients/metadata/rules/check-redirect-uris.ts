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
 * Checks that redirect URIs are https. In production only native apps may use http on loopback. They may also use private-use
 * schemes that contain a domain name (OAuth 2.1 §2.3.1, RFC 8252 §7). URIs must contain neither wildcard nor fragment, because requests are compared with
 * them as strings. The same rules hold for the URIs after a sign-out.
 *
 * @throws OAuthError `invalid_redirect_uri`, `invalid_client_metadata`
 */
export function checkRedirectUris(
  { metadata, transport }: Pick<RegistrationContext, 'metadata' | 'transport'>,
  { grantTypes }: Pick<Client, 'grantTypes'>,
): Pick<Client, 'applicationType' | 'redirectUris' | 'postLogoutRedirectUris'> {
  const { application_type: applicationType, redirect_uris = [], post_logout_redirect_uris } = metadata;
  const isNative = applicationType === 'native';
  const policy = isNative ? { ...transport, isProduction: false } : transport;
  const isAllowed = (uri: string) =>
    isRegistrableRedirectUri(uri, policy) || (isNative && isPrivateUseRedirectUri(uri));
  if (redirect_uris.length === 0 && grantTypes.includes(GRANT_TYPE.authorizationCode)) {
    throw invalidRedirectUri('redirect_uris is missing');
  }
  const rule = !isNative && policy.isProduction ? RULE.production : RULE[applicationType];
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

const RESTRICTION = 'without fragment, wildcard or credentials';

const RULE = {
  production: `must be https, or http on loopback if application_type is native, ${RESTRICTION}`,
  web: `must be https, or http on loopback, ${RESTRICTION}`,
  native: `must be https, http on loopback, or of a private-use scheme such as com.example.app:/, ${RESTRICTION}`,
} as const;
