import { registrationNotSupported } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Refuses client metadata in an authorization request, which only self-issued providers support (OpenID Connect Core
 * §3.1.2.6, §7.2.1).
 *
 * @throws OAuthError `registration_not_supported`
 */
export function checkRegistration({ parameters }: Pick<CheckContext, 'parameters'>): void {
  if (parameters.has('registration'))
    throw registrationNotSupported('registration is not supported in a request: use /register');
}
