import { invalidTarget } from './oauth-error.js';

/**
 * Checks that a resource indicator is an absolute URI without a fragment (RFC 8707 §2).
 *
 * @throws OAuthError `invalid_target` when it is not.
 */
export function checkResourceIndicator(resource: string): void {
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw invalidTarget('resource must be an absolute URI without a fragment');
  }
}
