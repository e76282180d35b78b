import { checkResourceIndicator, invalidTarget, type Parameters, registeredResource } from '@trefoil/oauth-protocol';

/**
 * Returns the audience of an access token: the `resource` of the token request, which must be one of the allowed
 * resource servers, or the first of these when the request has no `resource` (RFC 8707 §2.2). The parameter `audience`
 * of token exchange means the same (RFC 8693 §2.1).
 *
 * @param resources the identifiers of the allowed resource servers, the default first.
 * @throws OAuthError `invalid_target`
 */
export function selectAudience(parameters: Parameters, resources: readonly string[]): string {
  const sent = [...parameters.all('resource'), ...parameters.all('audience')];
  const requested = [...new Set(sent.map((resource) => registeredResource(resource, resources)))];
  if (requested.length > 1) throw invalidTarget('an access token has one audience: name one resource');
  const audience = requested[0] ?? resources[0];
  if (audience === undefined) throw invalidTarget('resource is missing');
  checkResourceIndicator(audience);
  if (!resources.includes(audience)) throw invalidTarget(`resource is not among those that were granted: ${audience}`);
  return audience;
}
