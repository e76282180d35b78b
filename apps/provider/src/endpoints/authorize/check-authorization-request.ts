import type { AuthorizationRequest } from '../../model/pending-authorizations/authorization-request.js';
import { checkCodeChallenge } from './checks/check-code-challenge.js';
import type { CheckContext } from './checks/check-context.js';
import { checkGrantType } from './checks/check-grant-type.js';
import { checkMaxAge } from './checks/check-max-age.js';
import { checkPrompt } from './checks/check-prompt.js';
import { checkRepetition } from './checks/check-repetition.js';
import { checkRequestObject } from './checks/check-request-object.js';
import { checkResource } from './checks/check-resource.js';
import { checkResponseMode } from './checks/check-response-mode.js';
import { checkResponseType } from './checks/check-response-type.js';
import { checkScope } from './checks/check-scope.js';

/** Where the answer goes, whatever it will be: known and trusted before anything else is checked. */
export type ReturnAddress = Pick<AuthorizationRequest, 'clientId' | 'redirectUri' | 'state'>;

/**
 * Checks an authorization request whose client and redirect URI are known: one rule after the other, the first that is
 * broken is the answer (OAuth 2.1 §4.1.1, OpenID Connect Core §3.1.2.2).
 *
 * `display`, `ui_locales`, `id_token_hint`, `acr_values` and `claims` are accepted and change nothing.
 *
 * @throws OAuthError which the client is told.
 */
export function checkAuthorizationRequest(context: CheckContext, address: ReturnAddress): AuthorizationRequest {
  checkRepetition(context);
  checkRequestObject(context);
  checkResponseType(context);
  checkResponseMode(context);
  checkGrantType(context);
  const pkce = checkCodeChallenge(context);
  const scope = checkScope(context);
  const resource = checkResource(context, scope);
  const prompt = checkPrompt(context);
  const maxAge = checkMaxAge(context);
  const nonce = context.parameters.get('nonce');
  const loginHint = context.parameters.get('login_hint');
  return { ...address, ...pkce, ...scope, ...resource, ...prompt, ...maxAge, nonce, loginHint };
}
