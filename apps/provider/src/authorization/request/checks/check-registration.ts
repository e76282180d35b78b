import { registrationNotSupported } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Nobody registers along with a request, which is for providers that people run for themselves (OpenID Connect Core
 * §3.1.2.6, §7.2.1).
 *
 * @throws OAuthError `registration_not_supported`
 */
export function checkRegistration({ parameters }: Pick<CheckContext, 'parameters'>): void {
  if (parameters.has('registration')) throw registrationNotSupported('registration is taken at /register only');
}
