import type { AuthorizationRequest } from '../interaction/authorization-request.js';
import { checkClaims } from './checks/check-claims.js';
import { checkCodeChallenge } from './checks/check-code-challenge.js';
import type { CheckContext } from './checks/check-context.js';
import { checkDpopJkt } from './checks/check-dpop-jkt.js';
import { checkExpectedPerson } from './checks/check-expected-person.js';
import { checkGrantType } from './checks/check-grant-type.js';
import { checkMaxAge } from './checks/check-max-age.js';
import { checkPrompt } from './checks/check-prompt.js';
import { checkPushedRequest } from './checks/check-pushed-request.js';
import { checkRegistration } from './checks/check-registration.js';
import { checkRepetition } from './checks/check-repetition.js';
import { checkResource } from './checks/check-resource.js';
import { checkResponseMode } from './checks/check-response-mode.js';
import { checkResponseType } from './checks/check-response-type.js';
import { checkSignedRequest } from './checks/check-signed-request.js';
import { checkScope } from './checks/check-scope.js';

/** Where the answer goes, whatever it will be: known and trusted before anything else is checked. */
export type ReturnAddress = Pick<AuthorizationRequest, 'clientId' | 'redirectUri' | 'responseMode' | 'state'>;

/**
 * Checks an authorization request whose client and redirect URI are known: one rule after the other, the first that is
 * broken is the answer (OAuth 2.1 §4.1.1, OpenID Connect Core §3.1.2.2).
 *
 * `display` and `ui_locales` are accepted and change nothing; nor do `acr_values` and `default_acr_values`, which are
 * wishes: every sign-in reaches the one class there is, and the ID token names it.
 *
 * @throws OAuthError which the client is told.
 */
export function checkAuthorizationRequest(context: CheckContext, address: ReturnAddress): AuthorizationRequest {
  checkRepetition(context);
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
  const person = checkExpectedPerson(context, claims);
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
    ...person,
    nonce,
    loginHint,
  };
}
