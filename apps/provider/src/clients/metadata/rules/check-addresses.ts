import { invalidClientMetadata, isRegistrableRedirectUri } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

const WEB_PAGES = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;

type Columns = 'clientUri' | 'logoUri' | 'policyUri' | 'tosUri' | 'initiateLoginUri' | 'backchannelLogoutUri';

/**
 * The addresses of a client: pages about it that people may open are http or https (RFC 7591 §2.2); where people start
 * to sign in is https, or http on loopback (OpenID Connect Core §4); where sign-outs are told is one the provider would
 * call, without fragment (OpenID Connect Back-Channel Logout §2.2).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkAddresses({
  metadata,
  outbound,
}: Pick<RegistrationContext, 'metadata' | 'outbound'>): Pick<Client, Columns> {
  const { client_uri, logo_uri, policy_uri, tos_uri, initiate_login_uri, backchannel_logout_uri } = metadata;
  const noPage = WEB_PAGES.find((name) => metadata[name] !== undefined && !isWebPage(metadata[name]));
  if (noPage) throw invalidClientMetadata(`${noPage} must be an http or https URL`);
  if (initiate_login_uri !== undefined && !isRegistrableRedirectUri(initiate_login_uri)) {
    throw invalidClientMetadata('initiate_login_uri must be https, or http on loopback, without fragment');
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
