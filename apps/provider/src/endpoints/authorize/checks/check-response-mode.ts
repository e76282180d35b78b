import { invalidRequest } from '@trefoil/oauth-protocol';
import { RESPONSE_MODES, type ResponseModeName } from '../../../model/pending-authorizations/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * The response mode must be one that is offered, and one that does not put an answer into the fragment.
 *
 * @throws OAuthError `invalid_request`
 */
export function checkResponseMode({ parameters }: Pick<CheckContext, 'parameters'>): void {
  const name = parameters.get('response_mode');
  if (name !== undefined && !RESPONSE_MODES.some((offered) => offered === name)) {
    throw invalidRequest(`response_mode must be of ${RESPONSE_MODES.join(', ')}`);
  }
}

/** How an answer travels, an error too: as the request says, or in the query when what it says makes no sense. */
export function responseModeOf({ parameters }: Pick<CheckContext, 'parameters'>): ResponseModeName {
  const [name, ...repeated] = parameters.all('response_mode');
  return RESPONSE_MODES.find((offered) => offered === name && repeated.length === 0) ?? 'query';
}
