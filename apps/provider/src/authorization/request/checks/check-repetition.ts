import type { CheckContext } from './check-context.js';

/**
 * No parameter may be sent twice, because two readers could take different ones (RFC 6749 §3.1). Only `resource` may
 * (RFC 8707 §2).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkRepetition({ parameters }: Pick<CheckContext, 'parameters'>): void {
  parameters.refuseRepeated('resource');
}
