import { invalidRequest } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * The response travels in the query of the redirect URI (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkResponseMode({ parameters }: Pick<CheckContext, 'parameters'>): void {
  if ((parameters.get('response_mode') ?? 'query') !== 'query') throw invalidRequest('response_mode must be query');
}
