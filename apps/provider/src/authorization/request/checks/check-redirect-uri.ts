import { invalidRequest, redirectUriMatches } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * The redirect URI must be named and be one the client has registered, exactly (OAuth 2.1 §2.3.1, §4.1.1). Until this
 * holds there is nowhere to send an error to: it is shown, never redirected.
 *
 * @throws OAuthError `invalid_request`
 */
export function checkRedirectUri({ parameters, client }: Pick<CheckContext, 'parameters' | 'client'>): string {
  const redirectUri = parameters.require('redirect_uri');
  if (!client.redirectUris.some((registered) => redirectUriMatches(redirectUri, registered))) {
    throw invalidRequest('redirect_uri is not one that the client has registered');
  }
  return redirectUri;
}
