import { invalidClientMetadata, isRegistrableRedirectUri } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

const WEB_PAGES = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;

type Columns = 'clientUri' | 'logoUri' | 'policyUri' | 'tosUri' | 'initiateLoginUri' | 'backchannelLogoutUri';

/**
 * Checks the URIs of a client. Pages for people must be http or https (RFC 7591 §2.2). The page that starts a sign-in must be
 * https, or outside of production http on loopback (OpenID Connect Core §4). The URI for logout tokens must be one that the provider may call,
 * without fragment (OpenID Connect Back-Channel Logout §2.2).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkClientUris({
  metadata,
  outbound,
  transport,
}: Pick<RegistrationContext, 'metadata' | 'outbound' | 'transport'>): Pick<Client, Columns> {
  const { client_uri, logo_uri, policy_uri, tos_uri, initiate_login_uri, backchannel_logout_uri } = metadata;
  const invalid = WEB_PAGES.find((name) => metadata[name] !== undefined && !isWebPage(metadata[name]));
  if (invalid) throw invalidClientMetadata(`${invalid} must be an http or https URL`);
  if (initiate_login_uri !== undefined && !isRegistrableRedirectUri(initiate_login_uri, transport)) {
    throw invalidClientMetadata(
      `initiate_login_uri must be https${transport.isProduction ? '' : ', or http on loopback'}, without fragment`,
    );
  }
  if (backchannel_logout_uri !== undefined) {
    checkFetchedUri('backchannel_logout_uri', backchannel_logout_uri, outbound);
  }
  return {
    clientUri: client_uri ?? null,
    logoUri: logo_uri ?? null,
    policyUri: policy_uri ?? null,
    tosUri: tos_uri ?? null,
    initiateLoginUri: initiate_login_uri ?? null,
    backchannelLogoutUri: backchannel_logout_uri ?? null,
  };
}

const isWebPage = (uri: string): boolean => /^https?:\/\/[^/]/i.test(uri) && URL.canParse(uri);
