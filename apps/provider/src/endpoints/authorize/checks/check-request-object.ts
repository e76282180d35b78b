import { requestNotSupported, requestUriNotSupported } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Request objects are not accepted, and ignoring one would ignore what the client asked for (OpenID Connect Core §6).
 *
 * @throws OAuthError `request_not_supported`, `request_uri_not_supported`
 */
export function checkRequestObject({ parameters }: Pick<CheckContext, 'parameters'>): void {
  if (parameters.has('request')) throw requestNotSupported('request objects are not supported');
  if (parameters.has('request_uri')) throw requestUriNotSupported('request_uri is not supported');
}
