import type { AuthorizationRequest } from '../interaction/authorization-request.js';
import { checkClaims } from './checks/check-claims.js';
import { checkCodeChallenge } from './checks/check-code-challenge.js';
import type { CheckContext } from './checks/check-context.js';
import { checkDpopJkt } from './checks/check-dpop-jkt.js';
import { checkExpectedUser } from './checks/check-expected-user.js';
import { checkGrantType } from './checks/check-grant-type.js';
import { checkLengths } from './checks/check-lengths.js';
import { checkMaxAge } from './checks/check-max-age.js';
import { checkPrompt } from './checks/check-prompt.js';
import { checkPushedRequest } from './checks/check-pushed-request.js';
import { checkRegistration } from './checks/check-registration.js';
import { checkRepeatedParameters } from './checks/check-repeated-parameters.js';
import { checkResource } from './checks/check-resource.js';
import { checkResponseMode } from './checks/check-response-mode.js';
import { checkResponseType } from './checks/check-response-type.js';
import { checkSignedRequest } from './checks/check-signed-request.js';
import { checkScope } from './checks/check-scope.js';

/** The address to which the response will be sent. It is verified before all other parameters. */
export type ReturnAddress = Pick<AuthorizationRequest, 'clientId' | 'redirectUri' | 'responseMode' | 'state'>;

/**
 * Checks an authorization request whose client and redirect URI are known. The checks run in this order, and the first
 * one that fails determines the error (OAuth 2.1 §4.1.1, OpenID Connect Core §3.1.2.2).
 *
 * `display` and `ui_locales` are accepted and have no effect. `acr_values` and `default_acr_values` have none either:
 * they are voluntary, every sign-in has the same authentication context class, and the ID token names it.
 *
 * @throws OAuthError to send to the client.
 */
export function checkAuthorizationRequest(context: CheckContext, address: ReturnAddress): AuthorizationRequest {
  checkRepeatedParameters(context);
  checkLengths(context);
  checkPushedRequest(context);
  checkSignedRequest(context);
  checkRegistration(context);
  checkResponseType(context);
  checkResponseMode(context);
  checkGrantType(context);
  const pkce = checkCodeChallenge(context);
  const key = checkDpopJkt(context);
  const scope = checkScope(context);
  const resource = checkResource(context, scope);
  const prompt = checkPrompt(context);
  const maxAge = checkMaxAge(context);
  const claims = checkClaims(context);
  const subjects = checkExpectedUser(context, claims);
  const nonce = context.parameters.get('nonce');
  const loginHint = context.parameters.get('login_hint');
  return {
    ...address,
    ...pkce,
    ...key,
    ...scope,
    ...resource,
    ...prompt,
    ...maxAge,
    ...claims,
    ...subjects,
    nonce,
    loginHint,
  };
}
