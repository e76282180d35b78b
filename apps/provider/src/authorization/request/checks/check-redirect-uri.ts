import { invalidRequest, redirectUriMatches } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Checks that the request has a redirect URI and that it equals a registered one (OAuth 2.1 §2.3.1, §4.1.1). Errors are
 * shown to the user and never sent to a redirect URI that has not passed this check.
 *
 * @throws OAuthError `invalid_request`
 */
export function checkRedirectUri({ parameters, client }: Pick<CheckContext, 'parameters' | 'client'>): string {
  const redirectUri = parameters.require('redirect_uri');
  if (!client.redirectUris.some((registered) => redirectUriMatches(redirectUri, registered))) {
    throw invalidRequest('redirect_uri is not registered for the client');
  }
  return redirectUri;
}
