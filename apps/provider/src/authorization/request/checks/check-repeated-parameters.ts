import type { CheckContext } from './check-context.js';

/**
 * Refuses repeated parameters, because two programs could read different values (RFC 6749 §3.1). Only `resource` may be
 * repeated (RFC 8707 §2). Unknown parameters are ignored, also when they are repeated (RFC 6749 §3.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkRepeatedParameters({ parameters }: Pick<CheckContext, 'parameters'>): void {
  parameters.refuseRepeated('resource');
}
