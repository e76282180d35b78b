import { checkResourceIndicator, invalidTarget, type Parameters } from '@trefoil/oauth-protocol';

/**
 * The one resource server an access token is asked for: the `resource` of the token request, which must be among those
 * the grant opens, else the first of these (RFC 8707 §2.2). Token exchange may name it by `audience` too
 * (RFC 8693 §2.1).
 *
 * @throws OAuthError `invalid_target`
 */
export function selectAudience(parameters: Parameters, resources: readonly string[]): string {
  const requested = [...new Set([...parameters.all('resource'), ...parameters.all('audience')])];
  if (requested.length > 1) throw invalidTarget('an access token has one audience: name one resource');
  const audience = requested[0] ?? resources[0];
  if (audience === undefined) throw invalidTarget('resource is missing');
  checkResourceIndicator(audience);
  if (!resources.includes(audience)) throw invalidTarget(`resource is not among those that were granted: ${audience}`);
  return audience;
}
