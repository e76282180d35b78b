import { invalidRequest, redirectUriMatches } from '@trefoil/oauth-protocol';
import type { CheckContext, RequestingClient } from './check-context.js';

/** The members of a client's registration that the check uses. */
type Context = Pick<CheckContext, 'parameters'> & {
  readonly client: Pick<RequestingClient, 'redirectUris' | 'securityProfile'>;
};

/**
 * Checks that the redirect URI of a request equals a registered one (OAuth 2.1 §2.3.1, §4.1.1). Errors are shown to the
 * user and never sent to a redirect URI that has not passed this check.
 *
 * A plain OAuth client that registered one redirect URI may leave it out (OAuth 2.1 §4.1.1). OpenID requests and FAPI
 * clients must send it (OpenID Connect Core §3.1.2.1, FAPI 2.0 §5.3.2.2), and so must clients that can do without PKCE,
 * because only PKCE binds their code to the request then.
 *
 * @throws OAuthError `invalid_request`
 */
export function checkRedirectUri({ parameters, client }: Context): string {
  const redirectUri = parameters.get('redirect_uri') ?? onlyRedirectUri({ parameters, client });
  if (redirectUri === undefined) throw invalidRequest('redirect_uri is missing');
  if (!client.redirectUris.some((registered) => redirectUriMatches(redirectUri, registered))) {
    throw invalidRequest('redirect_uri is not registered for the client');
  }
  return redirectUri;
}

function onlyRedirectUri({ parameters, client: { redirectUris, securityProfile } }: Context): string | undefined {
  const [only, ...others] = redirectUris;
  const isPlain = securityProfile === 'oauth2.1' && !isOpenId(parameters);
  return isPlain && others.length === 0 ? only : undefined;
}

/** Returns whether a request may be an OpenID request. One whose scope is repeated may be one. */
const isOpenId = (parameters: CheckContext['parameters']): boolean =>
  parameters.all('scope').some((scope) => scope.split(' ').includes('openid'));
