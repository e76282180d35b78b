import { GRANT_TYPE, invalidClientMetadata, securityProfile } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const DEFAULT = 'client_secret_basic';

/**
 * Checks that the authentication method is one of the profile's. The default is `client_secret_basic` (RFC 7591 §2), or the
 * first method of a profile that does not allow it. A client without authentication must not use client credentials
 * (RFC 6749 §4.4).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkAuthenticationMethod(
  { metadata, profile }: Pick<RegistrationContext, 'metadata' | 'profile'>,
  { grantTypes }: Pick<Client, 'grantTypes'>,
): Pick<Client, 'tokenEndpointAuthMethod'> {
  const methods = securityProfile(profile).clientAuthentication;
  const named = metadata.token_endpoint_auth_method ?? (methods.find((method) => method === DEFAULT) || methods[0]);
  const tokenEndpointAuthMethod = methods.find((method) => method === named);
  if (!tokenEndpointAuthMethod) {
    throw invalidClientMetadata(`token_endpoint_auth_method must be one of ${methods.join(', ')} with ${profile}`);
  }
  if (tokenEndpointAuthMethod === 'none' && grantTypes.includes(GRANT_TYPE.clientCredentials)) {
    throw invalidClientMetadata('token_endpoint_auth_method must not be none with client_credentials');
  }
  return { tokenEndpointAuthMethod };
}
