import { unsupportedResponseType } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Checks that the response type is `code`. Implicit and hybrid responses would send tokens through the browser (OAuth
 * 2.1 §10.1).
 *
 * @throws OAuthError `invalid_request`, `unsupported_response_type`
 */
export function checkResponseType({ parameters }: Pick<CheckContext, 'parameters'>): void {
  if (parameters.require('response_type') !== 'code') {
    throw unsupportedResponseType('response_type must be code');
  }
}
