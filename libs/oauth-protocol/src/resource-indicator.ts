import { invalidTarget } from './oauth-error.js';

/**
 * Checks the form of a resource indicator: an absolute URI without fragment (RFC 8707 §2).
 *
 * @throws OAuthError `invalid_target`
 */
export function checkResourceIndicator(resource: string): void {
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw invalidTarget('resource must be an absolute URI without a fragment');
  }
}
